package markup

import (
	"strings"
)

// Person is the one who looks at the page.
type Person struct {
	Name, Email string
	// Picture is the address of their picture; empty shows initials.
	Picture string
}

// Initials is at most two letters for the round picture.
func (p Person) Initials() string {
	letters := ""
	words := strings.Fields(p.Name)
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	for _, word := range words {
		for _, letter := range word {
			letters += string(letter)
			break
		}
	}
	return strings.ToUpper(letters)
}
