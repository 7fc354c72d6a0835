<?php
/**
 * First party: this site passes the script's few requests on to the one Swapboard server that it is set to.
 *
 * Destination and key are the settings'; the request only says which of our few paths. Nothing else goes through.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

/** The server's own limit for a visit or a beat. */
const MAX_BODY_BYTES = 8192;
const TIMEOUT        = 4;
/** After a failure the server is left in peace for so many seconds, so that no visitor waits for it. */
const PAUSE_SECONDS  = 15;
const KEPT_SECONDS   = 60;

/**
 * Answers, if this request is for us; returns otherwise.
 */
function pass_through(): void {
	$settings = settings();
	if ( ! $settings['first_party'] || '' === $settings['script'] ) {
		return;
	}
	$path = own_path( incoming( 'REQUEST_URI' ), $settings );
	if ( null === $path ) {
		return;
	}
	$method = incoming( 'REQUEST_METHOD' );
	if ( ! in_array( $method, '.js' === substr( $path, -3 ) ? array( 'GET', 'HEAD' ) : array( 'POST' ), true ) ) {
		send_answer( refusal( 405, 'This address does not take that method.' ) );
	}
	send_answer( 'POST' === $method ? passed_message( $settings, $path ) : passed_script( $settings, $path ) );
}

/**
 * The path below the server's own, such as `/visit`; null for all requests that are none of ours.
 *
 * @param string $uri      As the browser asked for it.
 * @param array  $settings The settings.
 */
function own_path( string $uri, array $settings ): ?string {
	$home  = rtrim( (string) wp_parse_url( home_url(), PHP_URL_PATH ), '/' );
	$key   = basename( $settings['script'], '.js' );
	$front = preg_quote( $home, '~' ) . '(?:/index\.php)?/' . preg_quote( $settings['path'], '~' );
	$ours  = '~^' . $front . '/' . preg_quote( $key, '~' ) . '(\.js|/visit|/beat|/[a-z]{2,20}\.js)(?:\?[^#]*)?\z~';
	return preg_match( $ours, $uri, $found ) ? $found[1] : null;
}

/**
 * A visit or a beat: passed on as it is, with a limit.
 *
 * @param array  $settings The settings.
 * @param string $path     `/visit` or `/beat`.
 */
function passed_message( array $settings, string $path ): array {
	$body = (string) file_get_contents( 'php://input', false, null, 0, MAX_BODY_BYTES + 1 );
	if ( strlen( $body ) > MAX_BODY_BYTES ) {
		return refusal( 413, 'The body must not be longer than 8192 bytes.' );
	}
	return asked( $settings, $path, array( 'method' => 'POST', 'body' => $body ) );
}

/**
 * The script or a part of it. The script itself is kept for a moment, as every page asks for it.
 *
 * @param array  $settings The settings.
 * @param string $path     `.js`, or a part's such as `/forms.js`.
 */
function passed_script( array $settings, string $path ): array {
	$kept = '.js' === $path ? get_transient( 'swapboard_script' ) : false;
	if ( is_array( $kept ) && $settings['script'] === ( $kept['of'] ?? '' ) ) {
		return $kept['answer'];
	}
	$answer = asked( $settings, $path, array( 'method' => 'GET' ) );
	if ( '.js' === $path && 200 === $answer['status'] ) {
		$answer['cookie'] = null;
		set_transient( 'swapboard_script', array( 'of' => $settings['script'], 'answer' => $answer ), KEPT_SECONDS );
	}
	return $answer;
}

/**
 * The server's answer; 503 when it gives none. The page keeps its own number then.
 *
 * @param array  $settings The settings.
 * @param string $path     Which of our paths.
 * @param array  $request  Method and body.
 */
function asked( array $settings, string $path, array $request ): array {
	$later = refusal( 503, 'The server does not answer; the page keeps its number.', array( 'Retry-After' => (string) PAUSE_SECONDS ) );
	if ( get_transient( 'swapboard_pause' ) ) {
		return $later;
	}
	$answer = answer_of( wp_remote_request( substr( $settings['script'], 0, -3 ) . $path, $request + passed_request() ) );
	if ( null === $answer ) {
		set_transient( 'swapboard_pause', 1, PAUSE_SECONDS );
	}
	return $answer ?? $later;
}

/**
 * How the server is asked: what it needs to know of the browser, and no more.
 *
 * @return array<string, mixed>
 */
function passed_request(): array {
	$headers = array(
		'Accept-Encoding' => 'identity',
		'Content-Type'    => 'text/plain;charset=UTF-8',
		'X-Forwarded-For' => client_address(),
	);
	foreach ( array( 'Origin', 'Sec-GPC', 'DNT', 'Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz' ) as $name ) {
		$value = incoming( 'HTTP_' . strtoupper( str_replace( '-', '_', $name ) ) );
		if ( '' !== $value ) {
			$headers[ $name ] = $value;
		}
	}
	return array(
		'headers'             => $headers,
		'user-agent'          => incoming( 'HTTP_USER_AGENT' ),
		'cookies'             => visitor_cookie(),
		'timeout'             => TIMEOUT,
		'redirection'         => 0,
		'limit_response_size' => MAX_ANSWER_BYTES + 1,
	);
}

/**
 * The visitor's address as this web server saw it. What a browser says of itself in X-Forwarded-For is never
 * believed; a site behind a proxy lets its web server put the right address here, or uses the filter.
 */
function client_address(): string {
	/**
	 * Filters the visitor's address, for sites behind a proxy that names it elsewhere.
	 *
	 * @param string $address The address of whoever connected to this server.
	 */
	$address = apply_filters( 'swapboard_client_address', incoming( 'REMOTE_ADDR' ) );
	return (string) filter_var( $address, FILTER_VALIDATE_IP );
}

/**
 * The visitor's cookie, if this browser has one.
 *
 * @return array<string, string>
 */
function visitor_cookie(): array {
	$value = $_COOKIE[ VISITOR_COOKIE ] ?? ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- checked in the next line.
	$is_ok = is_string( $value ) && '' !== $value && preg_match( '~^' . COOKIE_VALUE . '\z~', $value );
	return $is_ok ? array( VISITOR_COOKIE => $value ) : array();
}

/**
 * Says in JSON what was wrong, as the server itself does.
 *
 * @param int                   $status  The HTTP status.
 * @param string                $why     The reason, for developers.
 * @param array<string, string> $headers More headers.
 */
function refusal( int $status, string $why, array $headers = array() ): array {
	$always = array(
		'Content-Type'  => 'application/json',
		'Cache-Control' => 'no-store',
	);
	return array(
		'status'  => $status,
		'headers' => $headers + $always,
		'body'    => (string) wp_json_encode( array( 'error' => $why ) ),
		'cookie'  => null,
	);
}
