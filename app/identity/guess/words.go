package guess

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// packedWords holds a word and its rank on each line, sorted by the bytes of the words. The ranks are those of the lists of
// zxcvbn: passwords, English words, first names and surnames. words.LICENSE has their terms.
//
//go:embed words.gz
var packedWords []byte

// common are the words that everybody guesses. They are unpacked when the first password is judged, because most processes
// judge none.
var common = sync.OnceValue(func() lexicon {
	packed, err := gzip.NewReader(bytes.NewReader(packedWords))
	if err != nil {
		panic(fmt.Errorf("unpack the common words: %w", err))
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		panic(fmt.Errorf("unpack the common words: %w", err))
	}
	var words lexicon
	words.entries = make([]entry, 0, bytes.Count(text, []byte("\n")))
	for line := range strings.Lines(string(text)) {
		word, rank, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		n, err := strconv.Atoi(rank)
		if err != nil {
			panic(fmt.Errorf("unpack the common words: %w", err))
		}
		words.entries = append(words.entries, entry{word, bitsOf(n)})
	}
	return words
})

// entry is a word and the bits of its rank: an attacker tries the most common words first.
type entry struct {
	word string
	bits float32
}

func bitsOf(rank int) float32 { return float32(math.Log2(float64(rank))) }

// lexicon is a sorted list of words. A search narrows it letter by letter, so that it follows the few readings of a password
// that words begin with, and no other.
type lexicon struct{ entries []entry }

// personal are the words that an attacker who knows the person tries first.
func personal(about []string) lexicon {
	seen := map[string]bool{}
	for _, text := range about {
		text = strings.ToLower(text)
		seen[text] = true
		for _, part := range strings.FieldsFunc(text, separates) {
			if len([]rune(part)) >= shortestPart {
				seen[part] = true
			}
		}
	}
	delete(seen, "")
	var words lexicon
	for word := range seen {
		words.entries = append(words.entries, entry{word: word})
	}
	slices.SortFunc(words.entries, func(a, b entry) int { return strings.Compare(a.word, b.word) })
	return words
}

// shortestPart is the least of a name or an address that counts as a word: shorter ones are in too many other words.
const shortestPart = 3

// within gives the words that have the letter after their first length bytes.
func (l lexicon) within(length int, letter string) lexicon {
	after := func(e entry, letter string) int {
		rest := e.word[length:]
		return strings.Compare(rest[:min(len(rest), len(letter))], letter)
	}
	from, _ := slices.BinarySearchFunc(l.entries, letter, after)
	count, _ := slices.BinarySearchFunc(l.entries[from:], letter, func(e entry, letter string) int {
		if after(e, letter) <= 0 {
			return -1
		}
		return 1
	})
	return lexicon{l.entries[from : from+count]}
}
