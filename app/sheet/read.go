// Package sheet reads and writes tables as spreadsheets do: it finds the charset and the separator of a text, and writes none that a
// spreadsheet takes for a formula. Start with Read.
package sheet

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"zygo/app/fault"
)

// Row is a line of cells. Number counts from 1 as spreadsheets do, with the lines that are empty.
type Row struct {
	Number int
	Cells  []string
}

func errEncoding() error {
	return fault.New(fault.BadRequest, `The table must be a text in UTF-8 or UTF-16. Save it as "CSV UTF-8" and try again.`)
}

// Text decodes a file that a spreadsheet wrote: UTF-8, or UTF-16 as Excel's "Unicode Text". Other encodings can't be told from
// each other, so they are refused as a bad request, and no letter ever becomes another one.
func Text(content []byte) (string, error) {
	if order, ok := byteOrder(content); ok {
		decoded, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(content)
		if err != nil || len(content)%2 != 0 || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", errEncoding()
		}
		content = decoded
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return "", errEncoding()
	}
	return string(content), nil
}

// byteOrder tells whether a content is UTF-16, and in which byte order: by its mark, or by the zero bytes of the first letters.
func byteOrder(content []byte) (unicode.Endianness, bool) {
	if len(content) < 4 {
		return unicode.LittleEndian, false
	}
	switch first := content[:4]; {
	case first[0] == 0xFF && first[1] == 0xFE, first[0] != 0 && first[1] == 0 && first[2] != 0 && first[3] == 0:
		return unicode.LittleEndian, true
	case first[0] == 0xFE && first[1] == 0xFF, first[0] == 0 && first[1] != 0 && first[2] == 0 && first[3] != 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// Read gives the header and the rows of a table that are not empty; more rows than most are too large.
func Read(content []byte, most int) ([]Row, error) {
	text, err := Text(content)
	if err != nil {
		return nil, err
	}
	var rows []Row
	err = Each(text, 0, func(row Row) error {
		if len(rows) > most {
			return fault.New(fault.TooLarge, "A table has %d rows at most. Import it in parts.", most)
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// Each hands on the rows of a table that are not empty, one after the other. Cells are parted by the separator, or if it is 0
// by what the first line says (sep=;) or else by the comma, semicolon, tab or pipe that the first line has most of.
func Each(text string, comma rune, do func(Row) error) error {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as Excel for Mac ends lines
	}
	first := 1
	said, table := declared(text)
	if said != 0 {
		first = 2
	}
	reader := csv.NewReader(strings.NewReader(table))
	reader.Comma, reader.FieldsPerRecord = cmp.Or(comma, said, separator(table)), -1
	// Spreadsheets count a cell of several lines as one row, and empty lines too.
	for number, next := first, 1; ; number++ {
		cells, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return fault.New(fault.BadRequest, "The table can't be read at line %d: %v.", wrong.StartLine+first-1, wrong.Err)
		}
		if err != nil {
			return err
		}
		start, _ := reader.FieldPos(0)
		number += start - next
		end, _ := reader.FieldPos(len(cells) - 1)
		next = end + strings.Count(cells[len(cells)-1], "\n") + 1
		if isEmpty(cells) {
			continue
		}
		if err := do(Row{number, cells}); err != nil {
			return err
		}
	}
}

// declared is the separator that Excel reads and writes in a line of its own before the table, 0 for none.
func declared(text string) (separator rune, rest string) {
	line, rest, _ := strings.Cut(text, "\n")
	said := []rune(strings.TrimRight(line, "\r"))
	if len(said) == 5 && strings.EqualFold(string(said[:4]), "sep=") && strings.ContainsRune(separators, said[4]) {
		return said[4], rest
	}
	return 0, text
}

const separators = ",;\t|"

// separator is the one of which the first line has most outside of quotes.
func separator(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '\n' && !quoted {
			break
		}
		if r == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range separators {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

func isEmpty(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
