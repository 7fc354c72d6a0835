<?php
/**
 * Lists what in a PHP file is newer than PHP 7.4, or deprecated by 8.4, by PHP's own tokens.
 *
 * https://www.php.net/manual/en/appendices.php (the migration guides 7.4 to 8.4)
 */

$tokens = array_values(
	array_filter(
		token_get_all( file_get_contents( $argv[1] ) ),
		static function ( $token ) {
			return ! is_array( $token ) || ! in_array( $token[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true );
		}
	)
);
$texts  = array_map(
	static function ( $token ) {
		return is_array( $token ) ? $token[1] : $token;
	},
	$tokens
);
$found  = array();

$new_tokens = array( 'T_NULLSAFE_OBJECT_OPERATOR', 'T_MATCH', 'T_ENUM', 'T_ATTRIBUTE', 'T_READONLY' );
foreach ( $tokens as $token ) {
	if ( is_array( $token ) && in_array( token_name( $token[0] ), $new_tokens, true ) ) {
		$found[] = "line $token[2]: $token[1]";
	}
}

$new_functions = '/^(str_contains|str_starts_with|str_ends_with|get_debug_type|get_resource_id|fdiv|array_is_list|array_find|array_any|array_all|array_find_key|json_validate|mb_str_pad|mb_trim|mb_ltrim|mb_rtrim|mb_ucfirst|mb_lcfirst|ini_parse_quantity|fsync|fdatasync|bcdivmod|str_increment|str_decrement)$/i';
foreach ( $texts as $at => $text ) {
	if ( preg_match( $new_functions, $text ) && '(' === ( $texts[ $at + 1 ] ?? '' ) ) {
		$found[] = "$text()";
	}
}

// One string with a blank between tokens, in which a string or number is one word.
$code = '';
foreach ( $tokens as $at => $token ) {
	$is_value = is_array( $token ) && in_array( $token[0], array( T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE, T_INLINE_HTML ), true );
	$code    .= ( $is_value ? '""' : $texts[ $at ] ) . ' ';
}
$new_forms = array(
	'union type'           => '/(?:[(,] |: )\?? ?[\w\\\\]+ \| [\w\\\\]+/',
	'null by default only' => '/[(,] (?!\?)[A-Za-z_\\\\][\w\\\\]* & ?\$\w+ = null\b|[(,] (?!\? )(?!null)[A-Za-z_\\\\][\w\\\\]* \$\w+ = null\b/i',
	'promoted property'    => '/[(,] (?:public|protected|private) /',
	'named argument'       => '/[(,] [a-z_]\w* : (?!:)/i',
	'catch without name'   => '/catch \( [\w\\\\ |]+ \)/',
	'type of 8'            => '/\) : \??(?:never|static|mixed)\b/',
	'comma after last'     => '/function (?:\w+ )?\( [^()]*, \)/',
	'callable by dots'     => '/\( \.\.\. \)/',
	'throw in expression'  => '/(?:\?\?|\?|:|=>) throw /',
);
foreach ( $new_forms as $name => $form ) {
	if ( preg_match( $form, $code, $match ) ) {
		$found[] = "$name: $match[0]";
	}
}
echo json_encode( $found );
