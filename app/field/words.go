package field

import "strings"

// One is a word with its article; a u at the beginning of a kind sounds as in user.
func One(word string) string {
	word = strings.ReplaceAll(word, "_", " ")
	if strings.ContainsRune("aeio", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// Label makes a field's or kind's name readable: created_at is "Created".
func Label(name string) string {
	if name == "id" {
		return "ID"
	}
	text := strings.ReplaceAll(name, "_", " ")
	text = strings.TrimSuffix(strings.TrimSuffix(text, " id"), " at")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
