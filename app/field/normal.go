package field

import "golang.org/x/text/unicode/norm"

// Composed gives a text in the one form of its letters (NFC): keyboards give é as one character or as two.
func Composed(text string) string { return norm.NFC.String(text) }

// Plain gives a text with each letter and digit in its plain form (NFKC): neither of full width nor bold, whatever the keyboard.
func Plain(text string) string { return norm.NFKC.String(text) }
