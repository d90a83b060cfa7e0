package oracle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	docs "zygo/embed"
)

// Tally compares what tests find with the list of deliberate differences, and counts by group. Use it from any goroutine.
type Tally struct {
	mutex           sync.Mutex
	reasons         map[string]string
	seen            map[string]bool
	agreeing, total map[string]int
}

// NewTally reads a list of differences: lines with a dash are cases, and the line before them is their reason, which the guide
// gives in the same words.
func NewTally(t testing.TB, list string) *Tally {
	t.Helper()
	guide, err := docs.Docs.ReadFile("docs/05-workflows-n8n.md")
	if err != nil {
		t.Fatal(err)
	}
	y := &Tally{reasons: map[string]string{}, seen: map[string]bool{}, agreeing: map[string]int{}, total: map[string]int{}}
	reason := ""
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		id, isCase := strings.CutPrefix(line, "- ")
		switch {
		case line == "":
		case !isCase:
			if reason = line; !strings.Contains(string(guide), reason) {
				t.Errorf("the guide does not say: %s", reason)
			}
		case y.reasons[id] != "":
			t.Errorf("%s stands twice in the list of differences", id)
		default:
			y.reasons[id] = reason
		}
	}
	return y
}

// Differences is the list for the cases of a file.
func Differences(t testing.TB, name string) string {
	t.Helper()
	text, err := data.ReadFile("testdata/" + name + "-differences.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Count takes a case. Found says how it differs, "" where it does not: then it must not be listed, and otherwise it must.
func (y *Tally) Count(t testing.TB, group, id, found string) {
	t.Helper()
	y.mutex.Lock()
	defer y.mutex.Unlock()
	y.total[group]++
	y.seen[id] = true
	reason, listed := y.reasons[id]
	switch {
	case found == "":
		y.agreeing[group]++
		if listed {
			t.Errorf("%s agrees by now, although it is listed: %s", id, reason)
		}
	case !listed:
		t.Errorf("%s %s", id, found)
	default:
		t.Logf("as listed, %s %s", id, found)
	}
}

// Close tells how many agree by group, and which listed cases are not there.
func (y *Tally) Close(t testing.TB) {
	t.Helper()
	for id := range y.reasons {
		if !y.seen[id] {
			t.Errorf("%s is listed and is no case", id)
		}
	}
	agreeing, total := 0, 0
	var table strings.Builder
	for _, group := range slices.Sorted(maps.Keys(y.total)) {
		fmt.Fprintf(&table, "\n%-25s %4d of %4d", group, y.agreeing[group], y.total[group])
		agreeing, total = agreeing+y.agreeing[group], total+y.total[group]
	}
	t.Logf("agree with n8n: %d of %d%s", agreeing, total, table.String())
}
