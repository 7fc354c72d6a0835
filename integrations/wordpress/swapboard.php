<?php
/**
 * Plugin Name:       Swapboard
 * Description:       Shows every visitor a phone number of their own, so that your Swapboard server can tell which ad, page or search made the phone ring.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            Swapboard contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       swapboard
 * Domain Path:       /languages
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

const VERSION = '0.1.0';
const FILE    = __FILE__;

require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/script.php';
require __DIR__ . '/includes/answers.php';
require __DIR__ . '/includes/pass-through.php';
require __DIR__ . '/includes/number.php';
if ( is_admin() ) {
	require __DIR__ . '/includes/connection.php';
	require __DIR__ . '/includes/admin.php';
}

add_action( 'plugins_loaded', __NAMESPACE__ . '\\pass_through', 0 );
add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'swapboard', false, dirname( plugin_basename( FILE ) ) . '/languages' );
	},
	0
);
