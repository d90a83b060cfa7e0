package guess

import (
	"math"
	"strings"
)

// A keyboard is drawn as its rows: what the keys give, and what they give with Shift. A space is a place without a key.
type keyboard struct {
	plain, shifted []string
	// ways are the directions from a key to its neighbors, as columns and rows.
	ways [][2]int
	// turns is how many directions people really take at a turn. It is low, because most walk a row or a column.
	turns float64
}

var keyboards = []keyboard{
	{ways: slanted, turns: 1.5,
		plain:   []string{"`1234567890-=", ` qwertyuiop[]\`, " asdfghjkl;'", " zxcvbnm,./"},
		shifted: []string{"~!@#$%^&*()_+", ` QWERTYUIOP{}|`, ` ASDFGHJKL:"`, " ZXCVBNM<>?"}},
	{ways: slanted, turns: 1.5,
		plain:   []string{"`1234567890[]", ` ',.pyfgcrl/=\`, " aoeuidhtns-", " ;qjkxbmwvz"},
		shifted: []string{"~!@#$%^&*(){}", ` "<>PYFGCRL?+|`, " AOEUIDHTNS_", " :QJKXBMWVZ"}},
	{ways: square, turns: 0.6, plain: []string{" /*-", "789+", "456", "123", " 0."}},
	{ways: square, turns: 0.6, plain: []string{" =/*", "789-", "456+", "123", " 0."}},
}

// A row of letters is set half a key to the right of the row above; a number pad is a grid.
var (
	slanted = [][2]int{{-1, 0}, {0, -1}, {1, -1}, {1, 0}, {0, 1}, {-1, 1}}
	square  = [][2]int{{-1, 0}, {-1, -1}, {0, -1}, {1, -1}, {1, 0}, {1, 1}, {0, 1}, {-1, 1}}
)

// place is where a key is.
type place struct {
	column, row int
	shifted     bool
}

// find gives the place of the key with a character.
func (k keyboard) find(letter rune) (place, bool) {
	for _, face := range []struct {
		rows    []string
		shifted bool
	}{{k.plain, false}, {k.shifted, true}} {
		for row, keys := range face.rows {
			if column := strings.IndexRune(keys, letter); column >= 0 && letter != ' ' {
				return place{column, row, face.shifted}, true
			}
		}
	}
	return place{}, false
}

// size is how many keys there are to start at.
func (k keyboard) size() (keys int) {
	for _, row := range append(k.plain[:len(k.plain):len(k.plain)], k.shifted...) {
		keys += len(strings.TrimSpace(row))
	}
	return keys
}

// keyboards finds walks of three keys and more from neighbor to neighbor.
func (p *reading) keyboards() {
	for _, k := range keyboards {
		places := make([]place, len(p.letters))
		known := make([]bool, len(p.letters))
		for i, letter := range p.letters {
			places[i], known[i] = k.find(letter)
		}
		for from := range p.letters {
			to, turns, shifted, last := from+1, 0, 0, -1
			for ; to < len(p.letters) && known[to-1] && known[to]; to++ {
				way := direction(places[to-1], places[to], k.ways)
				if way < 0 {
					break
				}
				if way != last {
					turns, last = turns+1, way
				}
				if places[to].shifted {
					shifted++
				}
			}
			if to-from > 2 {
				p.add(from, to, k.walk(to-from, turns, shifted))
			}
		}
	}
}

func direction(from, to place, ways [][2]int) int {
	for i, way := range ways {
		if from.column+way[0] == to.column && from.row+way[1] == to.row {
			return i
		}
	}
	return -1
}

// walk are the bits of a walk: all walks that are no longer and turn no more often are tried before it.
func (k keyboard) walk(length, turns, shifted int) float64 {
	tries, keys := 0.0, float64(k.size())
	for i := 2; i <= length; i++ {
		for j := 1; j <= min(turns, i-1); j++ {
			tries += choices(i-1, j-1) * keys * math.Pow(k.turns, float64(j))
		}
	}
	bits := math.Log2(tries)
	if shifted > 0 {
		bits += mixed(shifted, length-shifted)
	}
	return bits
}
