/**
 * The block in the editor: the number as visitors without JavaScript see it, and its three settings.
 */
( function ( wp, ownNumber ) {
	var element = wp.element.createElement;
	var __ = wp.i18n.__;
	var components = wp.components;

	function settings( props ) {
		var attributes = props.attributes;
		function change( name ) {
			return function ( value ) {
				var changed = {};
				changed[ name ] = value;
				props.setAttributes( changed );
			};
		}
		return element(
			wp.blockEditor.InspectorControls,
			null,
			element(
				components.PanelBody,
				{ title: __( 'Phone number', 'swapboard' ) },
				element( components.TextControl, {
					label: __( 'Number', 'swapboard' ),
					help: __( 'As it shall look. Empty: the number of Settings > Swapboard.', 'swapboard' ),
					placeholder: ownNumber,
					value: attributes.number,
					onChange: change( 'number' ),
				} ),
				element( components.TextControl, {
					label: __( 'Text', 'swapboard' ),
					help: __( '{number} stands for the number, as in: Call {number} now', 'swapboard' ),
					value: attributes.text,
					onChange: change( 'text' ),
				} ),
				element( components.ToggleControl, {
					label: __( 'A tap rings the number', 'swapboard' ),
					checked: attributes.link,
					onChange: change( 'link' ),
				} )
			)
		);
	}

	function words( attributes ) {
		var number = attributes.number.trim() || ownNumber;
		if ( ! number ) {
			return __( 'Write your phone number in the settings of this block.', 'swapboard' );
		}
		return ( attributes.text.trim() || '{number}' ).split( '{number}' ).join( number );
	}

	wp.blocks.registerBlockType( 'swapboard/number', {
		edit: function ( props ) {
			var tag = props.attributes.link ? 'u' : 'span';
			return element(
				wp.element.Fragment,
				null,
				settings( props ),
				element( 'p', wp.blockEditor.useBlockProps(), element( tag, null, words( props.attributes ) ) )
			);
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp, window.swapboardNumber || '' );
