<?php
/**
 * What the owner may set: one option, its defaults, and what may stand in it.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

const OPTION = 'swapboard';

/**
 * The settings before anybody saved them; a plugin that came from the server's set-up page knows its server.
 *
 * @return array{script: string, number: string, first_party: bool, path: string, skip_admins: bool}
 */
function default_settings(): array {
	$shipped = __DIR__ . '/../defaults.php';
	$known   = is_readable( $shipped ) ? require $shipped : array();
	return array(
		'script'      => script_address( (string) ( $known['script'] ?? '' ) ),
		'number'      => sanitize_text_field( (string) ( $known['number'] ?? '' ) ),
		'first_party' => false,
		'path'        => 't',
		'skip_admins' => true,
	);
}

/**
 * The settings as they are now.
 *
 * @return array{script: string, number: string, first_party: bool, path: string, skip_admins: bool}
 */
function settings(): array {
	$saved    = get_option( OPTION );
	$defaults = default_settings();
	return is_array( $saved ) ? array_intersect_key( $saved + $defaults, $defaults ) : $defaults;
}

/**
 * The script's address out of what was pasted, be it the address or the whole line; empty when it is neither.
 *
 * @param string $pasted What stands in the field.
 */
function script_address( string $pasted ): string {
	if ( preg_match( '~\bsrc\s*=\s*["\']?([^"\'\s>]+)~i', $pasted, $found ) ) {
		$pasted = $found[1];
	}
	$address = esc_url_raw( trim( $pasted ), array( 'http', 'https' ) );
	return preg_match( '~^https?://[\w.:\[\]-]+(/[\w.-]+)*/[\w-]{6,64}\.js\z~i', $address ) ? $address : '';
}

/**
 * The settings out of the form; what cannot be used is said and left as it was.
 *
 * @param mixed $given What the form sent.
 * @return array{script: string, number: string, first_party: bool, path: string, skip_admins: bool}
 */
function sanitized_settings( $given ): array {
	$given    = array_map( __NAMESPACE__ . '\\as_text', is_array( $given ) ? $given : array() );
	$current  = settings();
	$pasted   = trim( $given['script'] ?? $current['script'] );
	$settings = array(
		'script'      => script_address( $pasted ),
		'number'      => substr( sanitize_text_field( $given['number'] ?? '' ), 0, 60 ),
		'first_party' => ! empty( $given['first_party'] ),
		'path'        => strtolower( trim( $given['path'] ?? $current['path'], " /\t" ) ),
		'skip_admins' => ! empty( $given['skip_admins'] ),
	);
	if ( '' !== $pasted && '' === $settings['script'] ) {
		refuse( 'script', __( 'This is not the line from the set-up page of Swapboard. Copy it there once more; it looks like https://calls.example.com/t/abc123.js.', 'swapboard' ) );
		$settings['script'] = $current['script'];
	}
	if ( ! preg_match( '/^[a-z0-9-]{1,20}\z/', $settings['path'] ) ) {
		refuse( 'path', __( 'The path may have small letters, digits and hyphens, up to 20 of them.', 'swapboard' ) );
		$settings['path'] = $current['path'];
	}
	delete_transient( 'swapboard_script' );
	delete_transient( 'swapboard_pause' );
	return $settings;
}

/**
 * A value of the form as text; a form can send arrays, too.
 *
 * @param mixed $value What was sent.
 */
function as_text( $value ): string {
	return is_scalar( $value ) ? (string) $value : '';
}

/**
 * Says what was wrong. WordPress sanitises an option that is new twice, and would say it twice.
 *
 * @param string $code Which field.
 * @param string $why  What to do.
 */
function refuse( string $code, string $why ): void {
	if ( function_exists( 'add_settings_error' ) && ! in_array( $code, wp_list_pluck( get_settings_errors( OPTION ), 'code' ), true ) ) {
		add_settings_error( OPTION, $code, $why );
	}
}
