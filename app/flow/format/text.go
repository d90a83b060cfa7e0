package format

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"zygo/app/flow/content"
	"zygo/app/sheet"
	"zygo/app/value"
)

// CheckCharset refuses names that no charset has.
func CheckCharset(name string) error {
	if known, _ := charset.Lookup(name); name != "" && known == nil {
		return wrong("%.40q is no encoding such as windows-1252", name)
	}
	return nil
}

// decoded is the text of a file. Nothing is replaced: what is not in its charset is refused.
func decoded(name string, body []byte) (string, error) {
	if name == "" {
		text, err := sheet.Text(body)
		if err != nil {
			return "", wrong("the file is in neither UTF-8 nor UTF-16: name its encoding, such as windows-1252")
		}
		return text, nil
	}
	if err := CheckCharset(name); err != nil {
		return "", err
	}
	known, _ := charset.Lookup(name)
	text, err := known.NewDecoder().Bytes(body)
	lost := bytes.Contains(text, []byte("\uFFFD")) && !bytes.Contains(body, []byte("\uFFFD"))
	if err != nil || lost || !utf8.Valid(text) {
		return "", wrong("the file is not in the encoding %s", name)
	}
	return string(bytes.TrimPrefix(text, []byte("\uFEFF"))), nil
}

func readText(o Options, body []byte, put func(value.Value) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	return put(value.String(text))
}

// eachLine hands on the lines of a text that are not empty, with their numbers.
func eachLine(o Options, body []byte, do func(number int, line string) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := do(number, line); err != nil {
			return err
		}
	}
	return nil
}

func readLines(o Options, body []byte, put func(value.Value) error) error {
	return eachLine(o, body, func(_ int, line string) error { return put(value.String(line)) })
}

func readJSONL(o Options, body []byte, put func(value.Value) error) error {
	return eachLine(o, body, func(number int, line string) error {
		v, err := content.JSON(content.Type{}, []byte(line))
		if err != nil {
			return wrong("line %d is not JSON: %s", number, err)
		}
		return put(v)
	})
}

func readJSON(o Options, body []byte, put func(value.Value) error) error {
	if o.Charset != "" {
		text, err := decoded(o.Charset, body)
		if err != nil {
			return err
		}
		body = []byte(text)
	}
	v, err := content.JSON(content.Type{}, body)
	if err != nil {
		return wrong("the file is not JSON: %s", err)
	}
	if v.Kind() != value.ListKind || o.Entries != "" || o.Whole {
		return put(v)
	}
	for _, entry := range v.Elements() {
		if err := put(entry); err != nil {
			return err
		}
	}
	return nil
}
