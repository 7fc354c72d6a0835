"""The people who got in touch: calls, forms and visits of one person are one lead."""
