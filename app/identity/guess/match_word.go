package guess

import "unicode"

// meanings are the letters that people write as another character.
var meanings = map[rune]string{
	'4': "a", '@': "a", '8': "b", '(': "c", '{': "c", '[': "c", '<': "c", '3': "e", '6': "g", '9': "g", '1': "il", '!': "i", '|': "il",
	'0': "o", '$': "s", '5': "s", '+': "t", '7': "tl", '%': "x", '2': "z",
}

// words finds the words of a lexicon, written in either direction and with letters exchanged for digits and signs.
// An exchanged letter adds no bits: every attacker's rules have it.
func (p *reading) words(all lexicon) {
	for start := range p.letters {
		p.follow(all, start, start, 1, 0)
		p.follow(all, start, start, -1, 0)
	}
}

// follow goes on reading words at the character at, in the direction of step. length is how many bytes of the word were read.
func (p *reading) follow(left lexicon, start, at, step, length int) {
	if at < 0 || at >= len(p.letters) {
		return
	}
	letter := unicode.ToLower(p.letters[at])
	p.take(left, start, at, step, length, string(letter))
	for _, meaning := range meanings[letter] {
		p.take(left, start, at, step, length, string(meaning))
	}
}

// take reads one character as the given letter.
func (p *reading) take(left lexicon, start, at, step, length int, letter string) {
	left = left.within(length, letter)
	if len(left.entries) == 0 {
		return
	}
	length += len(letter)
	// The shortest word sorts first.
	if first := left.entries[0]; len(first.word) == length {
		from, to := min(start, at), max(start, at)+1
		p.add(from, to, float64(first.bits)+capitals(p.letters[from:to]))
	}
	p.follow(left, start, at+step, step, length)
}

// capitals are the bits of how a word is capitalized. Capitals throughout are no harder than none, and one at an end is what
// everybody does.
func capitals(word []rune) float64 {
	upper, lower := 0, 0
	for _, letter := range word {
		switch {
		case unicode.IsUpper(letter):
			upper++
		case unicode.IsLower(letter):
			lower++
		}
	}
	switch {
	case upper == 0, lower == 0:
		return 0
	case upper == 1 && (unicode.IsUpper(word[0]) || unicode.IsUpper(word[len(word)-1])):
		return 1
	}
	return mixed(upper, lower)
}
