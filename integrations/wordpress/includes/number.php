<?php
/**
 * A phone number in a text: the shortcode [swapboard] and the block, which write the same.
 *
 * What is written is the business's own number, so that cached pages and pages without JavaScript are right.
 *
 * @package Swapboard
 */

namespace Swapboard;

defined( 'ABSPATH' ) || exit;

add_action( 'init', __NAMESPACE__ . '\\register_number' );

/**
 * Registers the shortcode and the block.
 */
function register_number(): void {
	add_shortcode( 'swapboard', __NAMESPACE__ . '\\shortcode' );
	$script = plugins_url( 'block/editor.js', FILE );
	$needs  = array( 'wp-block-editor', 'wp-blocks', 'wp-components', 'wp-element', 'wp-i18n' );
	wp_register_script( 'swapboard-number', $script, $needs, VERSION, true );
	wp_set_script_translations( 'swapboard-number', 'swapboard', dirname( FILE ) . '/languages' );
	$known = 'window.swapboardNumber = ' . wp_json_encode( settings()['number'] ) . ';';
	wp_add_inline_script( 'swapboard-number', $known, 'before' );
	register_block_type( dirname( FILE ) . '/block', array( 'render_callback' => __NAMESPACE__ . '\\block' ) );
}

/**
 * The shortcode: [swapboard], or [swapboard number="(202) 555-0100" text="Call {number}" link="no"].
 *
 * @param array|string $given Its attributes.
 */
function shortcode( $given ): string {
	$given = shortcode_atts(
		array(
			'number' => '',
			'text'   => '{number}',
			'link'   => 'yes',
		),
		is_array( $given ) ? $given : array(),
		'swapboard'
	);
	$is_link = ! in_array( strtolower( $given['link'] ), array( 'no', 'false', '0' ), true );
	return number_html( $given['number'], $given['text'], $is_link, 'class="swapboard-number"' );
}

/**
 * The block, which may have the theme's colours and sizes.
 *
 * @param array $given Its attributes.
 */
function block( array $given ): string {
	$number = number_html( (string) $given['number'], (string) $given['text'], (bool) $given['link'], 'class="swapboard-number"' );
	return '' === $number ? '' : '<p ' . get_block_wrapper_attributes() . '>' . $number . '</p>';
}

/**
 * The number as people read it, in a link that dials it.
 *
 * @param string $number     As the business writes it; empty for the one in the settings.
 * @param string $text       The words, with {number} in the number's place.
 * @param bool   $is_link    Whether it can be dialled by a tap.
 * @param string $attributes Of the element; escaped already.
 */
function number_html( string $number, string $text, bool $is_link, string $attributes ): string {
	$number = trim( '' === trim( $number ) ? settings()['number'] : $number );
	if ( strlen( preg_replace( '/\D/', '', with_own_digits( $number ) ) ) < 3 ) {
		$hint = __( 'Swapboard: write your phone number here, or in Settings > Swapboard. Visitors do not see this line.', 'swapboard' );
		return current_user_can( 'edit_posts' ) ? '<em>' . esc_html( $hint ) . '</em>' : '';
	}
	$words = esc_html( str_replace( '{number}', $number, '' === trim( $text ) ? '{number}' : $text ) );
	if ( ! $is_link ) {
		return "<span $attributes>$words</span>";
	}
	$link = '<a ' . $attributes . ' href="' . esc_url( 'tel:' . dialled( $number ), array( 'tel' ) ) . '">' . $words . '</a>';
	return is_amp() && esc_html( $number ) === $words ? on_amp( $link, $number ) : $link;
}

/**
 * What a telephone dials (RFC 3966) for a number as people write it: `+44 (0)20 7946 0958 ext. 7` is
 * `+442079460958;ext=7`, and letters are those of the keypad.
 *
 * @param string $number As the business writes it.
 */
function dialled( string $number ): string {
	$number    = with_own_digits( $number );
	$extension = '';
	if ( preg_match( '/\s*(?:ext\.?|x|#)\s*(\d{1,7})\s*\z/i', $number, $found ) ) {
		$extension = ';ext=' . $found[1];
		$number    = substr( $number, 0, -strlen( $found[0] ) );
	}
	$is_international = '+' === substr( ltrim( $number ), 0, 1 );
	$number           = $is_international ? str_replace( '(0)', '', $number ) : $number;
	$digits           = strtr( strtolower( $number ), 'abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999' );
	return ( $is_international ? '+' : '' ) . preg_replace( '/\D/', '', $digits ) . $extension;
}

/**
 * The number with 0 to 9 in place of Arabic-Indic, Persian and full-width digits.
 *
 * @param string $number As the business writes it.
 */
function with_own_digits( string $number ): string {
	foreach ( array( '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹', '０１２３４５６７８９' ) as $digits ) {
		$number = str_replace( preg_split( '//u', $digits, -1, PREG_SPLIT_NO_EMPTY ), range( '0', '9' ), $number );
	}
	return $number;
}

/**
 * Whether the page is for AMP, which runs no script but its own.
 */
function is_amp(): bool {
	return function_exists( 'amp_is_request' ) && did_action( 'wp' ) && amp_is_request();
}

/**
 * The link as AMP swaps it. AMP's own cache shows the page elsewhere, so it asks the server itself.
 *
 * @param string $link   The link as other pages have it; AMP replaces all of its text.
 * @param string $number As the business writes it.
 */
function on_amp( string $link, string $number ): string {
	$script = settings()['script'];
	if ( '' === $script ) {
		return $link;
	}
	$target = '+' === $number[0] ? '&target=' . rawurlencode( dialled( $number ) ) : '';
	$facts  = '&url=SOURCE_URL&referrer=DOCUMENT_REFERRER&title=TITLE&zone=TIMEZONE_CODE&client=CLIENT_ID(_swb)';
	$config = substr( $script, 0, -3 ) . '/amp?text=' . rawurlencode( $number ) . $target . $facts;
	return '<amp-call-tracking config="' . esc_url( $config ) . '">' . $link . '</amp-call-tracking>';
}
