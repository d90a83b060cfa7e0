package field

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// Phone is a telephone number in the form of E.164: a plus, the country's code and digits. Spaces and punctuation that
// people write are taken off, and its digits may be of full width. Empty is none.
type Phone string

var phoneType = writtenType{
	name:    "phone",
	longest: 16,
	read:    readPhone,
	schema:  Schema{"pattern": `^(\+[1-9][0-9]{6,14})?$`, "examples": []any{"+4930123456"}},
}

var phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// phoneMark drops what people write between digits: spaces and dashes of every kind, brackets, dots, and marks that nobody sees.
func phoneMark(r rune) rune {
	if unicode.In(r, unicode.Zs, unicode.Dash, unicode.Cf) || strings.ContainsRune("()./", r) {
		return -1
	}
	return r
}

// ReadPhone brings a number to its one form; the error says what it must be.
func ReadPhone(text string) (string, error) { return readPhone(strings.TrimSpace(text)) }

func readPhone(text string) (string, error) {
	// (0) is dialled only without the country's code.
	number := strings.Map(phoneMark, strings.ReplaceAll(Plain(text), "(0)", ""))
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + rest
	}
	if !phoneForm.MatchString(number) {
		return "", errors.New("must be a number with the country's code such as +49 30 123456")
	}
	return number, nil
}
