<?php
/**
 * Settings > Swapboard.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

const PAGE = 'swapboard';

add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );
add_action( 'admin_init', __NAMESPACE__ . '\\register_settings' );
add_action( 'admin_init', __NAMESPACE__ . '\\suggest_privacy_text' );
add_action( 'admin_notices', __NAMESPACE__ . '\\ask_for_setup' );
add_filter( 'plugin_action_links_' . plugin_basename( FILE ), __NAMESPACE__ . '\\add_link' );

/**
 * Puts the page into the menu.
 */
function add_page(): void {
	$page = add_options_page( 'Swapboard', 'Swapboard', 'manage_options', PAGE, __NAMESPACE__ . '\\show_page' );
	add_action(
		'admin_print_scripts-' . $page,
		static function () {
			wp_enqueue_script( 'swapboard-settings', plugins_url( 'includes/settings.js', FILE ), array(), VERSION, true );
		}
	);
}

/**
 * Names the option, and who cleans it.
 */
function register_settings(): void {
	$about = array(
		'type'              => 'object',
		'sanitize_callback' => __NAMESPACE__ . '\\sanitized_settings',
		'show_in_rest'      => false,
	);
	register_setting( PAGE, OPTION, $about );
}

/**
 * The link in the list of plugins.
 *
 * @param array $links Those that are there.
 */
function add_link( $links ): array {
	$link = '<a href="' . esc_url( page_address() ) . '">' . esc_html__( 'Settings', 'swapboard' ) . '</a>';
	return array_merge( array( $link ), (array) $links );
}

/**
 * Where the page stands.
 */
function page_address(): string {
	return admin_url( 'options-general.php?page=' . PAGE );
}

/**
 * On the list of plugins only: says what is missing while it is missing.
 */
function ask_for_setup(): void {
	$screen = get_current_screen();
	if ( ! $screen || 'plugins' !== $screen->id || ! current_user_can( 'manage_options' ) || '' !== settings()['script'] ) {
		return;
	}
	$words = __( 'Swapboard does not know its server yet.', 'swapboard' );
	echo '<div class="notice notice-info"><p>' . esc_html( $words ) . ' <a href="' . esc_url( page_address() ) . '">' . esc_html__( 'Set it up', 'swapboard' ) . '</a></p></div>';
}

/**
 * A paragraph for the site's privacy policy (Settings → Privacy).
 */
function suggest_privacy_text(): void {
	$text = __( 'To see which of our advertisements and pages lead to telephone calls, we show each visitor a telephone number of their own. For this, our own server keeps the pages visited, the address of the page that led here, the kind of device, and a random number in a cookie (_swb). When you call the number, your telephone number and the time of the call are kept with it. Nothing is shared with other websites by this.', 'swapboard' );
	wp_add_privacy_policy_content( 'Swapboard', '<p>' . esc_html( $text ) . '</p>' );
}

/**
 * The page.
 */
function show_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = settings();
	echo '<div class="wrap"><h1>Swapboard</h1>';
	echo '<p>' . esc_html__( 'Visitors see a phone number of their own; when they ring it, Swapboard tells you what led them to you. If anything fails, your own number stays.', 'swapboard' ) . '</p>';
	echo '<form method="post" action="options.php">';
	settings_fields( PAGE );
	echo '<table class="form-table" role="presentation">';
	show_script_row( $settings );
	show_number_row( $settings );
	show_switch_row( 'skip_admins', $settings, __( 'Administrators', 'swapboard' ), __( 'Administrators see your own number, and are not counted', 'swapboard' ) );
	show_first_party_row( $settings );
	echo '</table>';
	submit_button();
	echo '</form>';
	show_test( $settings );
	echo '</div>';
}

/**
 * The line from the server.
 *
 * @param array $settings The settings.
 */
function show_script_row( array $settings ): void {
	show_text_row( 'script', $settings, 'large-text code', __( 'Your line from Swapboard', 'swapboard' ), __( 'In Swapboard, open Set-up, copy the line of step 1, and paste it here.', 'swapboard' ) );
}

/**
 * The number of the shortcode and the block.
 *
 * @param array $settings The settings.
 */
function show_number_row( array $settings ): void {
	show_text_row( 'number', $settings, 'regular-text', __( 'Your phone number', 'swapboard' ), __( 'As it shall look on pages. The block "Phone number" and the shortcode [swapboard] write it; numbers that stand on your pages already are found without it.', 'swapboard' ) );
}

/**
 * The pass-through and its path.
 *
 * @param array $settings The settings.
 */
function show_first_party_row( array $settings ): void {
	show_switch_row( 'first_party', $settings, __( 'First party', 'swapboard' ), __( 'Load the script through this site, not from another host', 'swapboard' ) );
	/* translators: %s: an address, such as https://www.example.com/t */
	$help = sprintf( __( 'The script then comes from %s. Only these few requests are passed on, and only to your Swapboard server.', 'swapboard' ), own_base( $settings ) );
	show_text_row( 'path', $settings, 'small-text code', __( 'Its path on this site', 'swapboard' ), $help );
}

/**
 * A row with a field of text.
 *
 * @param string $name     Of the setting.
 * @param array  $settings The settings.
 * @param string $size     The field's class.
 * @param string $label    Its label.
 * @param string $help     What to write there.
 */
function show_text_row( string $name, array $settings, string $size, string $label, string $help ): void {
	printf(
		'<tr><th scope="row"><label for="swapboard-%1$s">%2$s</label></th><td><input type="text" id="swapboard-%1$s" name="swapboard[%1$s]" value="%3$s" class="%4$s" aria-describedby="swapboard-%1$s-help" spellcheck="false" autocomplete="off"><p class="description" id="swapboard-%1$s-help">%5$s</p></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( $settings[ $name ] ),
		esc_attr( $size ),
		esc_html( $help )
	);
}

/**
 * A row with a box to tick.
 *
 * @param string $name     Of the setting.
 * @param array  $settings The settings.
 * @param string $title    The row's title.
 * @param string $label    What the tick means.
 */
function show_switch_row( string $name, array $settings, string $title, string $label ): void {
	printf(
		'<tr><th scope="row">%2$s</th><td><label for="swapboard-%1$s"><input type="checkbox" id="swapboard-%1$s" name="swapboard[%1$s]" value="1"%4$s> %3$s</label></td></tr>',
		esc_attr( $name ),
		esc_html( $title ),
		esc_html( $label ),
		checked( $settings[ $name ], true, false )
	);
}

/**
 * The connection test: its button, and its result when it was pressed.
 *
 * @param array $settings The settings.
 */
function show_test( array $settings ): void {
	echo '<h2>' . esc_html__( 'Connection test', 'swapboard' ) . '</h2>';
	echo '<form method="post" action="' . esc_url( page_address() ) . '#swapboard-found">';
	wp_nonce_field( 'swapboard_test', 'swapboard_test' );
	submit_button( __( 'Test the connection', 'swapboard' ), 'secondary', 'swapboard_run', false );
	echo '</form>';
	$nonce = isset( $_POST['swapboard_test'] ) ? sanitize_key( wp_unslash( $_POST['swapboard_test'] ) ) : '';
	if ( wp_verify_nonce( $nonce, 'swapboard_test' ) ) {
		show_findings( connection_findings( $settings ), $settings );
	}
}

/**
 * What the test found. What a browser finds through this site is added by the browser.
 *
 * @param array $findings Of connection_findings().
 * @param array $settings The settings.
 */
function show_findings( array $findings, array $settings ): void {
	echo '<ul id="swapboard-found" role="status">';
	foreach ( $findings as $finding ) {
		printf(
			'<li class="notice inline notice-%s"><p><span aria-hidden="true">%s</span> %s</p></li>',
			$finding['ok'] ? 'success' : 'error',
			$finding['ok'] ? '✓' : '✗',
			esc_html( $finding['text'] )
		);
	}
	if ( $findings[0]['ok'] ) {
		show_browser_finding( $settings );
	}
	echo '</ul>';
	if ( defined( 'WP_CACHE' ) && WP_CACHE ) {
		echo '<p>' . esc_html__( 'This site has a page cache. Empty it after you changed anything here.', 'swapboard' ) . '</p>';
	}
}

/**
 * The last line, which the browser fills in: it loads the script as a visitor's browser would.
 *
 * @param array $settings The settings.
 */
function show_browser_finding( array $settings ): void {
	printf(
		'<li class="notice inline notice-warning" id="swapboard-browser" data-source="%s" data-key="%s" data-yes="%s" data-no="%s"><p>%s</p></li>',
		esc_url( script_source( $settings ) ),
		esc_attr( basename( $settings['script'], '.js' ) ),
		esc_attr__( 'Browsers get the script from the address that your pages name.', 'swapboard' ),
		esc_attr__( 'Your browser did not get the script from the address that your pages name. A blocker in this browser, or a rule of the web server for .js files, may stand in the way. Open this address to see what it answers:', 'swapboard' ),
		esc_html__( 'Asking from this browser ...', 'swapboard' )
	);
}
