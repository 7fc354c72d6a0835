"""Which keyword a paid click was for, asked of the ad platform where the page's address did not say."""
