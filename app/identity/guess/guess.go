// Package guess estimates how hard a password is to guess for an attacker who knows the common ones. It follows zxcvbn:
// a password is as weak as its cheapest reading as a row of words, keyboard walks, sequences, repeats, dates and single
// characters.
package guess

import (
	"math"
	"unicode"
)

// Bits is how many bits of work a password costs: an attacker needs about 2 to that power tries. What is known about the person, as
// their name and address, counts as the first words that an attacker tries.
func Bits(password string, about ...string) float64 {
	p := reading{letters: []rune(password)}
	p.perLetter = math.Log2(alphabet(p.letters))
	p.ending = make([][]match, len(p.letters))
	p.words(common())
	p.words(personal(about))
	p.keyboards()
	p.sequences()
	p.dates()
	p.runs()
	p.repeats()
	return p.cheapest(0, len(p.letters))
}

// reading is a password with what was recognized in it.
type reading struct {
	letters []rune
	// perLetter are the bits of a character that is part of nothing known.
	perLetter float64
	// ending has the matches by their last character.
	ending [][]match
}

// match is a part that an attacker tries as a whole.
type match struct {
	from int
	bits float64
}

// add notes that the characters from from to before to cost these bits together.
func (p *reading) add(from, to int, bits float64) {
	p.ending[to-1] = append(p.ending[to-1], match{from, bits})
}

// cheapest is the least that the characters from from to before to cost.
func (p *reading) cheapest(from, to int) float64 {
	cost := make([]float64, to-from+1)
	for i := from; i < to; i++ {
		least := cost[i-from] + p.perLetter
		for _, m := range p.ending[i] {
			if m.from >= from {
				least = min(least, cost[m.from-from]+m.bits)
			}
		}
		cost[i-from+1] = least
	}
	return cost[to-from]
}

// alphabet is how many characters an attacker tries for one, by the kinds of characters that there are.
func alphabet(letters []rune) float64 {
	var lower, upper, digits, others float64
	for _, letter := range letters {
		switch {
		case unicode.IsLower(letter):
			lower = 26
		case unicode.IsDigit(letter):
			digits = 10
		case unicode.IsUpper(letter):
			upper = 26
		default:
			others = 33
		}
	}
	return max(1, lower+upper+digits+others)
}

// separates tells whether a character stands between words.
func separates(letter rune) bool { return !unicode.IsLetter(letter) && !unicode.IsDigit(letter) }

// choices is in how many ways k of n things can be taken.
func choices(n, k int) float64 {
	ways := 1.0
	for i := range k {
		ways = ways * float64(n-i) / float64(i+1)
	}
	return math.Round(ways)
}

// mixed are the bits of which of the characters are of the rarer sort, as capitals are in a word.
func mixed(rare, usual int) float64 {
	ways := 0.0
	for i := range min(rare, usual) + 1 {
		ways += choices(rare+usual, i)
	}
	return math.Log2(ways)
}
