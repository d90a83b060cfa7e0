package config

import "strings"

// suggest ends a sentence about an unknown name with the nearest known one, or with a full stop's worth of nothing when
// none is near.
func suggest(name string, known []string) string {
	best, bestDistance := "", len(name)/3+1
	for _, candidate := range known {
		distance := distance(strings.ToLower(name), strings.ToLower(candidate))
		// A key written without its section, or in the wrong one, is near whatever the letters say.
		if lastPart(candidate) == lastPart(name) {
			distance = min(distance, 1)
		}
		if distance < bestDistance || (distance == bestDistance && best != "" && candidate < best) {
			best, bestDistance = candidate, distance
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

func lastPart(name string) string {
	return name[strings.LastIndex(name, ".")+1:]
}

// distance counts the letters to insert, delete or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
