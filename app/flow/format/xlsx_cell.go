package format

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"zygo/app/value"
)

// sheetRows reads the rows of a sheet.
type sheetRows struct {
	book *workbook
	part area
	table

	number, column int // of the cell that is read, from 1
	cells          []value.Value
	kind, style    string
	inValue        bool
	raw            strings.Builder
	text           cellTextReader
}

func (r *sheetRows) take(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return r.start(token)
	case xml.CharData:
		if r.inValue {
			r.raw.Write(token)
			return nil
		}
	case xml.EndElement:
		switch token.Name.Local {
		case "v":
			r.inValue = false
		case "c":
			return r.cell()
		case "row":
			return r.end()
		}
	}
	r.text.take(token)
	return nil
}

func (r *sheetRows) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		r.number, r.column, r.cells = r.number+1, 0, nil
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
			r.number = n
		}
	case "c":
		r.column, r.kind, r.style = r.column+1, attribute(e, "t"), attribute(e, "s")
		if letters := strings.TrimRight(attribute(e, "r"), "0123456789"); letters != "" {
			r.column = columnNumber(letters)
		}
		if r.column < 1 || r.column > mostSheetColumns {
			return wrong("the workbook is damaged: a cell stands in no column")
		}
		r.raw.Reset()
		r.text.end()
	case "v":
		r.inValue = true
	}
	r.text.take(e)
	return nil
}

// mostSheetColumns is what a sheet has.
const mostSheetColumns = 16_384

// columnNumber reads the letters of a column; 0 for what is none.
func columnNumber(letters string) int {
	number := 0
	for _, r := range strings.ToUpper(letters) {
		if r < 'A' || r > 'Z' || number > mostSheetColumns {
			return 0
		}
		number = number*26 + int(r-'A') + 1
	}
	return number
}

// cell keeps the cell that ends here.
func (r *sheetRows) cell() error {
	if !r.part.has(r.number, r.column) {
		return nil
	}
	v, err := r.value()
	if err != nil || v.Kind() == value.UndefinedKind {
		return err
	}
	at := r.column - max(1, r.part.left)
	if at >= mostColumns {
		return wrong("row %d has a cell beyond the first %d columns; name a range such as A1:Z999", r.number, mostColumns)
	}
	for len(r.cells) <= at {
		r.cells = append(r.cells, value.Value{})
	}
	r.cells[at] = v
	return nil
}

// end hands on a row that is not empty.
func (r *sheetRows) end() error {
	if len(r.cells) == 0 {
		return nil
	}
	return r.table.row(r.cells)
}

func (r *sheetRows) value() (value.Value, error) {
	raw := r.raw.String()
	switch r.kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || n < 0 || n >= len(r.book.texts) {
			return value.Value{}, wrong("the workbook is damaged: a cell names a text that is not there")
		}
		return value.String(r.book.texts[n]), nil
	case "inlineStr":
		return value.String(r.text.end()), nil
	case "str", "e":
		return value.String(unescapedCell(raw)), nil
	case "b":
		return value.Bool(strings.TrimSpace(raw) == "1" || strings.TrimSpace(raw) == "true"), nil
	}
	raw = strings.TrimSpace(raw)
	number, err := strconv.ParseFloat(raw, 64)
	switch {
	case raw == "":
		return value.Value{}, nil
	case err != nil || math.IsInf(number, 0) || math.IsNaN(number):
		return value.String(raw), nil // a date of the type d, as ISO 8601 writes it
	}
	if style, err := strconv.Atoi(r.style); err == nil && style >= 0 && style < len(r.book.dates) && r.book.dates[style] != "" {
		return value.String(writtenDate(number, r.book.dates[style], r.book.since1904)), nil
	}
	if digits().MatchString(raw) {
		return value.Parse([]byte(raw), value.Limits{})
	}
	return value.Float(number), nil
}

// digits are whole numbers, which keep all of theirs.
var digits = pattern(`^(0|-?[1-9][0-9]{0,30})$`)

// builtinDates are the formats of dates that every workbook has, by their numbers.
var builtinDates = map[string]string{
	"14": "d", "15": "d", "16": "d", "17": "d", "18": "h", "19": "h", "20": "h", "21": "h", "22": "dh", "27": "d", "28": "d", "29": "d",
	"30": "d", "31": "d", "32": "h", "33": "h", "34": "d", "35": "d", "36": "d", "45": "h", "46": "[h]", "47": "h", "50": "d", "51": "d",
	"52": "d", "53": "d", "54": "d", "55": "d", "56": "d", "57": "d", "58": "d",
}

// noTokens are the parts of a format that say nothing about its value: texts, escaped letters, colours, widths.
var (
	noTokens = pattern(`"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[[A-Za-z0-9]{3,}\]|\[[<>=][^\]]*\]`)
	elapsed  = pattern(`(?i)\[(h+|m+|s+)\]`)
)

// dateFormat reduces the format of a cell to what matters: d for a day, h for a time, [h] for one that goes on after a day, and
// nothing for a number.
func dateFormat(code string) string {
	code, _, _ = strings.Cut(code, ";")
	code = noTokens().ReplaceAllString(code, "")
	if elapsed().MatchString(code) {
		return "[h]"
	}
	code = strings.ToLower(code)
	if strings.Contains(code, "general") || strings.ContainsAny(code, "0#?") && !strings.Contains(code, "s") {
		return ""
	}
	format := ""
	hasTime := strings.ContainsAny(code, "hs")
	if strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && !hasTime {
		format = "d"
	}
	if hasTime {
		format += "h"
	}
	return format
}

// lastDay is 31 December 9999.
const lastDay = 2_958_465

// writtenDate writes a count of days as ISO 8601 does. What is no date stays a number.
func writtenDate(days float64, format string, since1904 bool) string {
	if days < 0 || days > lastDay+1 {
		return strconv.FormatFloat(days, 'f', -1, 64)
	}
	milliseconds := int64(math.Round(days * 86_400_000))
	switch {
	case format == "[h]":
		seconds := milliseconds / 1000
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	case format == "h" && days < 1:
		return time.UnixMilli(milliseconds).UTC().Format("15:04:05.999")
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		first = first.AddDate(0, 0, 1) // before a leap day that 1900 did not have
	}
	at := first.AddDate(0, 0, int(milliseconds/86_400_000)).Add(time.Duration(milliseconds%86_400_000) * time.Millisecond)
	if format == "d" && milliseconds%86_400_000 == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02T15:04:05.999")
}

// area is a part of a sheet; 0 is without a bound.
type area struct{ left, top, right, bottom int }

func (a area) has(row, column int) bool {
	return row >= a.top && column >= a.left && (a.bottom == 0 || row <= a.bottom) && (a.right == 0 || column <= a.right)
}

var writtenRange = pattern(`^\$?([A-Za-z]{1,3})\$?([0-9]{0,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{0,7}))?$`)

// CheckRange refuses what is no part of a sheet.
func CheckRange(text string) error {
	_, err := parseRange(text)
	return err
}

// parseRange reads A2:D9, A:D, or the cell B2 at which a table begins.
func parseRange(text string) (area, error) {
	if text = strings.TrimSpace(text); text == "" {
		return area{}, nil
	}
	found := writtenRange().FindStringSubmatch(text)
	if found == nil {
		return area{}, wrong("%.40q is no range such as A2:D9", text)
	}
	number := func(text string) int {
		n, _ := strconv.Atoi(text) // at most seven digits, or none
		return n
	}
	a := area{columnNumber(found[1]), number(found[2]), columnNumber(found[3]), number(found[4])}
	if a.right > 0 && a.right < a.left || a.bottom > 0 && a.bottom < a.top {
		return area{}, wrong("the range %.40q ends before it begins", text)
	}
	return a, nil
}
