<?php
/**
 * The script on the page: one line in the head, for visitors.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\\enqueue_script' );
add_filter( 'script_loader_tag', __NAMESPACE__ . '\\marked_tag', 10, 2 );

/**
 * Puts the script on the page, if this page is to have it.
 */
function enqueue_script(): void {
	if ( is_script_wanted() ) {
		// No version: the server says itself how long the script may be kept.
		wp_enqueue_script( 'swapboard', script_source( settings() ), array(), null, false ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
	}
}

/**
 * Whether numbers are swapped for whoever looks at this page.
 */
function is_script_wanted(): bool {
	$settings = settings();
	$is_staff = $settings['skip_admins'] && current_user_can( 'manage_options' );
	$is_amp   = is_amp();
	$wanted   = '' !== $settings['script'] && ! $is_staff && ! $is_amp && ! is_preview() && ! is_customize_preview();
	/**
	 * Filters whether the page gets the script.
	 *
	 * @param bool $wanted What the settings say.
	 */
	return (bool) apply_filters( 'swapboard_load', $wanted );
}

/**
 * Where pages load the script from: the server, or this site when it passes through.
 *
 * @param array $settings The settings.
 */
function script_source( array $settings ): string {
	return $settings['first_party'] ? own_base( $settings ) . '/' . basename( $settings['script'] ) : $settings['script'];
}

/**
 * Where this site's own pass-through stands. Without pretty permalinks nothing leads to WordPress but index.php.
 *
 * @param array $settings The settings.
 */
function own_base( array $settings ): string {
	$front = get_option( 'permalink_structure' ) ? '/' : '/index.php/';
	return home_url( $front . $settings['path'] );
}

/**
 * Makes the script asynchronous, and asks the best-known optimisers to leave it as it is: Cloudflare's Rocket
 * Loader, LiteSpeed Cache, Autoptimize and WP Rocket, in this order. It finds its server by its own address.
 *
 * @param string $tag    The script element.
 * @param string $handle Whose it is.
 */
function marked_tag( $tag, $handle ): string {
	$marks = ' async data-cfasync="false" data-no-optimize="1" data-noptimize="1" nowprocket src=';
	return 'swapboard' === $handle ? preg_replace( '/ src=/', $marks, (string) $tag, 1 ) : (string) $tag;
}
