<?php
/**
 * The connection test: what this site's server sees when it asks the Swapboard server, in words of what to do.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

/**
 * Each thing that must be right, in the order in which to set it right.
 *
 * @param array $settings The settings.
 * @return array<int, array{ok: bool, text: string}>
 */
function connection_findings( array $settings ): array {
	if ( '' === $settings['script'] ) {
		return array( finding( false, __( 'Paste the line from the set-up page of Swapboard first, and save.', 'swapboard' ) ) );
	}
	$found = array( script_finding( $settings ) );
	if ( $found[0]['ok'] ) {
		$found[] = visit_finding( $settings );
	}
	if ( is_ssl() && 0 === strpos( $settings['script'], 'http:' ) && ! $settings['first_party'] ) {
		$found[] = finding( false, __( 'This site uses https, the Swapboard server does not. Browsers refuse such a script.', 'swapboard' ) );
	}
	return $found;
}

/**
 * Whether the server answers and knows the key.
 *
 * @param array $settings The settings.
 */
function script_finding( array $settings ): array {
	$response = wp_remote_get( $settings['script'], test_request() );
	if ( is_wp_error( $response ) ) {
		/* translators: %s: the reason in technical words. */
		return finding( false, sprintf( __( 'The Swapboard server does not answer: %s', 'swapboard' ), $response->get_error_message() ) );
	}
	$status = (int) wp_remote_retrieve_response_code( $response );
	$body   = wp_remote_retrieve_body( $response );
	if ( 200 === $status && false !== strpos( $body, '"' . basename( $settings['script'], '.js' ) . '"' ) ) {
		return finding( true, __( 'The Swapboard server answers and knows this site.', 'swapboard' ) );
	}
	if ( 404 === $status ) {
		return finding( false, __( 'The server answers, but knows no such site. Copy the line from the set-up page once more.', 'swapboard' ) );
	}
	/* translators: %d: an HTTP status, such as 502. */
	return finding( false, sprintf( __( 'Something answers at this address, but not Swapboard (status %d).', 'swapboard' ), $status ) );
}

/**
 * Whether visits from this site's pages are accepted. We come as a crawler, which leaves no trace there.
 *
 * @param array $settings The settings.
 */
function visit_finding( array $settings ): array {
	$request            = test_request();
	$request['headers'] = array(
		'Origin'       => own_origin(),
		'Content-Type' => 'text/plain;charset=UTF-8',
	);
	$request['body']    = (string) wp_json_encode( array( 'url' => home_url( '/' ) ) );
	$response           = wp_remote_post( substr( $settings['script'], 0, -3 ) . '/visit', $request );
	$status             = (int) wp_remote_retrieve_response_code( $response );
	if ( 200 === $status ) {
		return finding( true, __( 'Visits from this site are accepted.', 'swapboard' ) );
	}
	if ( 403 === $status ) {
		/* translators: %s: a host name, such as www.example.com. */
		return finding( false, sprintf( __( 'The server refuses visits from %s. Add this host to the hosts of the site in Swapboard.', 'swapboard' ), wp_parse_url( home_url(), PHP_URL_HOST ) ) );
	}
	/* translators: %d: an HTTP status, such as 502. */
	return finding( false, sprintf( __( 'The server did not take a visit (status %d). Look into its log.', 'swapboard' ), $status ) );
}

/**
 * How the test asks.
 *
 * @return array<string, mixed>
 */
function test_request(): array {
	return array(
		'timeout'             => 5,
		'redirection'         => 0,
		'limit_response_size' => MAX_ANSWER_BYTES,
		'user-agent'          => 'Swapboard-WordPress/' . VERSION . ' (connection test bot; +' . home_url( '/' ) . ')',
	);
}

/**
 * The origin that browsers name on this site's pages.
 */
function own_origin(): string {
	$home = wp_parse_url( home_url() );
	return $home['scheme'] . '://' . $home['host'] . ( isset( $home['port'] ) ? ':' . $home['port'] : '' );
}

/**
 * One line of the test's result.
 *
 * @param bool   $ok   Whether it is right.
 * @param string $text What was found, and what to do about it.
 */
function finding( bool $ok, string $text ): array {
	return array(
		'ok'   => $ok,
		'text' => $text,
	);
}
