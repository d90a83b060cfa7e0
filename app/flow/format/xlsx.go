package format

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"zygo/app/value"
)

// readXLSX reads a sheet of a workbook as ECMA-376 describes it. It is read as it is unpacked, and of a formula the result that
// was kept with it.
func readXLSX(o Options, body []byte, put func(value.Value) error) error {
	part, err := parseRange(o.Range)
	if err != nil {
		return err
	}
	book, err := openWorkbook(body)
	if err != nil {
		return err
	}
	if err := book.open(o.Sheet); err != nil {
		return err
	}
	rows := sheetRows{book: book, part: part, table: table{header: o.Header, noEmpty: o.NoEmpty, asInN8n: o.AsInN8n, put: put}}
	return book.tokens(book.sheet, rows.take)
}

// workbook is a file of the format with what its cells refer to.
type workbook struct {
	files map[string]*zip.File
	left  *unpacking
	sheet string
	texts []string
	dates []string // by style, the format of a date; empty for other cells
	// since1904 tells that days are counted from 1904, as Excel did on the Mac.
	since1904 bool
}

func openWorkbook(body []byte) (*workbook, error) {
	packed, err := openZIP(body)
	if err != nil {
		return nil, wrong("the file is no workbook of Excel (.xlsx): %s", err)
	}
	book := &workbook{files: map[string]*zip.File{}, left: &unpacking{left: 2 * mostUnpacked}}
	for _, f := range packed.File {
		book.files[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	return book, nil
}

// tokens hands on the elements of a part one after the other; a part that isn't there has none.
func (b *workbook) tokens(name string, take func(xml.Token) error) error {
	f := b.files[strings.ToLower(name)]
	if f == nil {
		return nil
	}
	from, err := f.Open()
	if err != nil {
		return wrong("the workbook is damaged in %s", name)
	}
	defer from.Close()
	decoder := xml.NewDecoder(b.left.of(from))
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var known *Error
		switch {
		case errors.As(err, &known):
			return err
		case err != nil:
			return wrong("the workbook is damaged in %s", name)
		}
		if err := take(token); err != nil {
			return err
		}
	}
}

// relations are the parts that one refers to, by their ids and by the last word of their types.
func (b *workbook) relations(of string) (byID, byType map[string]string, err error) {
	byID, byType = map[string]string{}, map[string]string{}
	folder, name := path.Split(of)
	err = b.tokens(folder+"_rels/"+name+".rels", func(token xml.Token) error {
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			target := attribute(e, "Target")
			if rooted, is := strings.CutPrefix(target, "/"); is {
				target = rooted
			} else {
				target = path.Join(folder, target)
			}
			byID[attribute(e, "Id")] = target
			byType[path.Base(attribute(e, "Type"))] = target
		}
		return nil
	})
	return byID, byType, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// open finds a sheet by its name, the first one for no name, and reads what its cells refer to.
func (b *workbook) open(sheet string) error {
	_, parts, err := b.relations("")
	if err != nil {
		return err
	}
	main := parts["officeDocument"]
	if main == "" {
		return wrong("the file is no workbook of Excel (.xlsx)")
	}
	byID, byType, err := b.relations(main)
	if err != nil {
		return err
	}
	var names []string
	err = b.tokens(main, func(token xml.Token) error {
		e, ok := token.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "workbookPr":
			b.since1904 = attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"
		case ok && e.Name.Local == "sheet":
			name := attribute(e, "name")
			names = append(names, name)
			if b.sheet == "" && (sheet == "" || strings.EqualFold(name, sheet)) {
				b.sheet = byID[relationID(e)]
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case b.files[strings.ToLower(b.sheet)] == nil && sheet != "":
		return wrong("the workbook has no sheet %.60q; it has %.300s", sheet, strings.Join(names, ", "))
	case b.files[strings.ToLower(b.sheet)] == nil:
		return wrong("the workbook has no sheet")
	}
	if err := b.readTexts(byType["sharedStrings"]); err != nil {
		return err
	}
	return b.readStyles(byType["styles"])
}

// relationID is the one attribute called id that has a prefix.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// readTexts reads the texts that cells name by their number.
func (b *workbook) readTexts(part string) error {
	var text cellTextReader
	return b.tokens(part, func(token xml.Token) error {
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "si" {
			b.texts = append(b.texts, text.end())
			return nil
		}
		text.take(token)
		return nil
	})
}

// cellTextReader collects the text of a cell, without the hints of how it is spoken.
type cellTextReader struct {
	text           strings.Builder
	inText, spoken bool
}

func (r *cellTextReader) take(token xml.Token) {
	switch token := token.(type) {
	case xml.StartElement:
		r.inText = token.Name.Local == "t"
		r.spoken = r.spoken || token.Name.Local == "rPh"
	case xml.EndElement:
		r.inText = false
		r.spoken = r.spoken && token.Name.Local != "rPh"
	case xml.CharData:
		if r.inText && !r.spoken {
			r.text.Write(token)
		}
	}
}

func (r *cellTextReader) end() string {
	text := unescapedCell(r.text.String())
	r.text.Reset()
	return text
}

// unescapedCell reads the letters that XML can't hold, which the format writes as _x000D_.
func unescapedCell(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var plain strings.Builder
	for {
		at := strings.Index(text, "_x")
		if at < 0 || len(text) < at+7 {
			break
		}
		code, err := strconv.ParseUint(text[at+2:at+6], 16, 16)
		if err != nil || text[at+6] != '_' {
			plain.WriteString(text[:at+2])
			text = text[at+2:]
			continue
		}
		plain.WriteString(text[:at])
		plain.WriteRune(rune(code))
		text = text[at+7:]
	}
	plain.WriteString(text)
	return plain.String()
}

// readStyles finds which styles show a number as a date.
func (b *workbook) readStyles(part string) error {
	own := map[string]string{}
	inCells := false
	return b.tokens(part, func(token xml.Token) error {
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "numFmt":
				own[attribute(token, "numFmtId")] = attribute(token, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					id := attribute(token, "numFmtId")
					code, isOwn := own[id]
					if !isOwn {
						code = builtinDates[id]
					}
					b.dates = append(b.dates, dateFormat(code))
				}
			}
		case xml.EndElement:
			inCells = inCells && token.Name.Local != "cellXfs"
		}
		return nil
	})
}

// unpacking counts what is left of the bytes that a file may become.
type unpacking struct{ left int }

func (u *unpacking) of(from io.Reader) io.Reader { return &unpackingReader{u, from} }

type unpackingReader struct {
	of   *unpacking
	from io.Reader
}

// Read reads on until too much was unpacked.
func (r *unpackingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if r.of.left -= n; r.of.left < 0 {
		return 0, wrong("unpacked the file is too large")
	}
	return n, err
}

// mostPacked are the files that an archive may have.
const mostPacked = 10_000

// openZIP opens an archive whose directory is not longer than it may be.
func openZIP(body []byte) (*zip.Reader, error) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	switch {
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, wrong("it is no ZIP archive, or it is damaged")
	case len(archive.File) > mostPacked:
		return nil, wrong("it packs more than %d files", mostPacked)
	}
	return archive, nil
}
