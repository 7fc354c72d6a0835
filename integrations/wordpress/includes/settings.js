/**
 * The connection test's last line: does this browser get the script where the site's pages load it from?
 */
( function () {
	var line = document.getElementById( 'swapboard-browser' );
	if ( ! line ) {
		return;
	}
	var source = line.dataset.source;

	function say( ok ) {
		line.className = 'notice inline notice-' + ( ok ? 'success' : 'error' );
		line.firstChild.textContent = ( ok ? '✓ ' + line.dataset.yes : '✗ ' + line.dataset.no + ' ' + source );
	}

	fetch( source, { credentials: 'omit', cache: 'no-store' } )
		.then( function ( answer ) {
			return answer.ok ? answer.text() : '';
		} )
		.then( function ( text ) {
			say( text.indexOf( '"' + line.dataset.key + '"' ) !== -1 );
		} )
		.catch( function () {
			say( false );
		} );
} )();
