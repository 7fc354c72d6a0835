<?php
/**
 * Takes away all that the plugin ever stored.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Removes what one site of a network holds.
 */
function forget_site() {
	delete_option( 'swapboard' );
	delete_transient( 'swapboard_script' );
	delete_transient( 'swapboard_pause' );
}

if ( ! is_multisite() ) {
	forget_site();
	return;
}
foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $swapboard_site ) {
	switch_to_blog( (int) $swapboard_site );
	forget_site();
	restore_current_blog();
}
