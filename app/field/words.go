package field

import "strings"

// One is a word with its article; a u at the beginning of a kind sounds as in user.
func One(word string) string {
	word = Words(word)
	if strings.ContainsRune("aeio", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// Words are a name as people write it: incident_entry is "incident entry".
func Words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// Label makes a field's or kind's name readable: created_at is "Created".
func Label(name string) string {
	if name == "id" {
		return "ID"
	}
	text := Words(name)
	text = strings.TrimSuffix(strings.TrimSuffix(text, " id"), " at")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Plural is the word for many of a kind, which names its path.
func Plural(word string) string {
	switch {
	case strings.HasSuffix(word, "y") && !strings.ContainsRune("aeiou", rune(word[len(word)-2])):
		return word[:len(word)-1] + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"):
		return word + "es"
	}
	return word + "s"
}

// Past is the past tense of an action, which names its event.
func Past(verb string) string {
	if strings.HasSuffix(verb, "e") {
		return verb + "d"
	}
	return verb + "ed"
}

// Lower is a label within a sentence. Abbreviations such as API keep their capitals.
func Lower(label string) string {
	words := strings.Split(label, " ")
	for i, word := range words {
		if len(word) < 2 || word != strings.ToUpper(word) {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}
