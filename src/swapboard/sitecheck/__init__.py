"""What a business's site shows of its number: crawled politely, and judged page by page."""
