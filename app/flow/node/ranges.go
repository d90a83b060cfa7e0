package node

import (
	"slices"
	"strconv"
	"strings"
)

// ranges are whole numbers as a list such as 200-299,404 says them: each part with its first and last.
type ranges [][2]int

// rangesOf reads a list of numbers between two bounds, false where it is none.
func rangesOf(list string, least, most int) (all ranges, ok bool) {
	for part := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, err := strconv.Atoi(strings.TrimSpace(low))
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(strings.TrimSpace(high))
		}
		if err != nil || from < least || to > most || from > to {
			return nil, false
		}
		all = append(all, [2]int{from, to})
	}
	return all, true
}

// have tells whether a number is one of them.
func (r ranges) have(number int) bool {
	for _, part := range r {
		if number >= part[0] && number <= part[1] {
			return true
		}
	}
	return false
}

// all are the numbers in their order, each once.
func (r ranges) all() (all []int) {
	for _, part := range r {
		for number := part[0]; number <= part[1]; number++ {
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// count is how many they are, those that stand twice counted twice.
func (r ranges) count() (count int) {
	for _, part := range r {
		count += part[1] - part[0] + 1
	}
	return count
}
