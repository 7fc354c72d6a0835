<?php
/**
 * What may come back through the pass-through, and how it is sent.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

/** The script's parts are a few kilobytes; whatever is longer is not ours. */
const MAX_ANSWER_BYTES = 131072;
/** The only cookie that passes, in either direction; WordPress's log-in never leaves this site. */
const VISITOR_COOKIE = '_swbv';
const COOKIE_VALUE   = '[\w.:+-]{0,128}';

/**
 * What the server answered, reduced to what we pass on; null when it is nothing that a page could use.
 *
 * @param array|\WP_Error $response Of wp_remote_request().
 * @return array{status: int, headers: array<string, string>, body: string, cookie: array{value: string, seconds: int}|null}|null
 */
function answer_of( $response ): ?array {
	if ( is_wp_error( $response ) ) {
		return null;
	}
	$status = (int) wp_remote_retrieve_response_code( $response );
	$body   = (string) wp_remote_retrieve_body( $response );
	$is_own = in_array( $status, array( 200, 204, 205 ), true ) || ( $status >= 400 && $status < 500 ) || 503 === $status;
	if ( ! $is_own || strlen( $body ) > MAX_ANSWER_BYTES ) {
		return null;
	}
	return array(
		'status'  => $status,
		'headers' => passed_headers( $response ),
		'body'    => $body,
		'cookie'  => told_cookie( (array) wp_remote_retrieve_header( $response, 'set-cookie' ) ),
	);
}

/**
 * The headers that a page needs; all others stay behind.
 *
 * @param array $response Of wp_remote_request().
 * @return array<string, string>
 */
function passed_headers( array $response ): array {
	$kind    = (string) wp_remote_retrieve_header( $response, 'content-type' );
	$is_ours = preg_match( '~^(text/javascript|application/json)\b~', $kind );
	$headers = array(
		'Content-Type'           => $is_ours ? $kind : 'text/plain; charset=utf-8',
		'X-Content-Type-Options' => 'nosniff',
		'Cache-Control'          => 'no-store',
	);
	foreach ( array( 'ETag', 'Cache-Control', 'Retry-After' ) as $name ) {
		$value = wp_remote_retrieve_header( $response, $name );
		if ( is_string( $value ) && '' !== $value ) {
			$headers[ $name ] = $value;
		}
	}
	return $headers;
}

/**
 * Sends an answer and ends the request.
 *
 * @param array $answer Of answer_of().
 */
function send_answer( array $answer ): void {
	if ( ! defined( 'DONOTCACHEPAGE' ) ) {
		define( 'DONOTCACHEPAGE', true );
	}
	$etag = $answer['headers']['ETag'] ?? '';
	if ( 200 === $answer['status'] && '' !== $etag && false !== strpos( incoming( 'HTTP_IF_NONE_MATCH' ), $etag ) ) {
		$answer['status'] = 304;
		$answer['body']   = '';
	}
	$answer = compressed( $answer );
	status_header( $answer['status'] );
	header_remove( 'Set-Cookie' );
	foreach ( $answer['headers'] as $name => $value ) {
		header( $name . ': ' . $value );
	}
	if ( null !== $answer['cookie'] ) {
		keep_cookie( $answer['cookie'] );
	}
	if ( 'HEAD' !== incoming( 'REQUEST_METHOD' ) ) {
		echo $answer['body']; // phpcs:ignore WordPress.Security.EscapeOutput -- a script or JSON, with its own type and nosniff.
	}
	exit;
}

/**
 * The answer in gzip for browsers that take it, where PHP does not compress by itself.
 *
 * @param array $answer Of answer_of().
 */
function compressed( array $answer ): array {
	$takes_gzip = false !== stripos( incoming( 'HTTP_ACCEPT_ENCODING' ), 'gzip' );
	if ( strlen( $answer['body'] ) > 512 && function_exists( 'gzencode' ) && ! ini_get( 'zlib.output_compression' ) ) {
		$answer['headers']['Vary'] = 'Accept-Encoding';
		if ( $takes_gzip ) {
			$answer['headers']['Content-Encoding'] = 'gzip';
			$answer['body']                        = gzencode( $answer['body'] );
		}
	}
	return $answer;
}

/**
 * The visitor's cookie among those that the server sets, if it does; no other cookie passes.
 *
 * @param string[] $lines Set-Cookie headers (RFC 6265, 4.1).
 * @return array{value: string, seconds: int}|null
 */
function told_cookie( array $lines ): ?array {
	foreach ( $lines as $line ) {
		if ( preg_match( '~^' . VISITOR_COOKIE . '="?(' . COOKIE_VALUE . ')"?(?:;|\z)~', $line, $found ) ) {
			return array(
				'value'   => $found[1],
				'seconds' => preg_match( '~;\s*max-age=(\d{1,9})~i', $line, $age ) ? (int) $age[1] : 0,
			);
		}
	}
	return null;
}

/**
 * Sets the visitor's cookie for this site, where no script can read it; 0 seconds delete it.
 *
 * @param array{value: string, seconds: int} $cookie Of told_cookie().
 */
function keep_cookie( array $cookie ): void {
	$for_this_site = array(
		'expires'  => 0 === $cookie['seconds'] ? 1 : time() + $cookie['seconds'],
		'path'     => '/',
		'secure'   => is_ssl(),
		'httponly' => true,
		'samesite' => 'Lax',
	);
	setrawcookie( VISITOR_COOKIE, $cookie['value'], $for_this_site );
}

/**
 * A value of the request, cut to printable ASCII. WordPress has not yet added its slashes when we read it.
 *
 * @param string $name A key of $_SERVER.
 */
function incoming( string $name ): string {
	$value = $_SERVER[ $name ] ?? ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- sanitised in the next line.
	return is_string( $value ) ? substr( (string) preg_replace( '/[^\x20-\x7e]/', '', $value ), 0, 2048 ) : '';
}
