package database

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"zygo/app/value"
)

// mostBuilt bounds what the rows of an answer take in memory.
const mostBuilt = 64 << 20

// rows are those that an answer is made of.
type rows struct {
	columns []string
	most    int
	answer  Answer
	built   int
}

// newRows gives each column a name of its own.
func newRows(columns []string, most int) *rows {
	r := &rows{most: most, columns: make([]string, len(columns))}
	taken := map[string]bool{}
	for i, name := range columns {
		own := name
		for n := 2; taken[own]; n++ {
			own = fmt.Sprintf("%s_%d", name, n)
		}
		taken[own] = true
		r.columns[i] = own
	}
	return r
}

// add takes a row, and tells whether there is room for another one.
func (r *rows) add(cells []value.Value) (bool, error) {
	if len(r.answer.Rows) >= r.most {
		r.answer.More = true
		return false, nil
	}
	members := make([]value.Member, len(r.columns))
	for i, name := range r.columns {
		members[i] = value.Member{Key: name, Value: cells[i]}
	}
	row := value.Object(members...)
	if r.built += row.Size(); r.built > mostBuilt {
		return false, wrong("The rows take more than %d MiB. Ask for fewer rows or columns.", mostBuilt>>20)
	}
	r.answer.Rows = append(r.answer.Rows, row)
	return true, nil
}

// number keeps the digits of a number, and gives a text for what JSON has no number for.
func number(text string) value.Value {
	if v, err := value.Parse([]byte(text), value.Limits{}); err == nil && v.Kind() == value.NumberKind {
		return v
	}
	return value.String(text)
}

// document is a column of JSON.
func document(text string) value.Value {
	if v, err := value.Parse([]byte(text), value.Limits{Lenient: true, Depth: value.Deepest - 8}); err == nil {
		return v
	}
	return value.String(text)
}

// moment writes a time as ISO 8601 does: in UTC if it has a zone, else as it stands.
func moment(text string) value.Value {
	day, clock, both := strings.Cut(text, " ")
	if !both || strings.Contains(clock, " ") || len(day) != len("2024-01-31") {
		return value.String(text) // infinity, or before our era
	}
	for _, utc := range []string{"+00:00", "+00"} {
		if bare, is := strings.CutSuffix(clock, utc); is {
			return value.String(day + "T" + bare + "Z")
		}
	}
	return value.String(day + "T" + clock)
}

func binary(bytes []byte) value.Value { return value.String(base64.StdEncoding.EncodeToString(bytes)) }

// hexadecimal reads bytes as PostgreSQL writes them.
func hexadecimal(text string) value.Value {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, `\x`))
	if err != nil {
		return value.String(text)
	}
	return binary(bytes)
}
