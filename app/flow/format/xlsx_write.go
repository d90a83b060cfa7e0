package format

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"zygo/app/value"
)

// The parts of a workbook with one sheet.
const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	rootRels     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles       = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`
	workbookXML  = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>`
	sheetStart   = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	declaration  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// longestCell is what Excel opens, in units of UTF-16.
const longestCell = 32_767

// writeXLSX writes a workbook with one sheet. A text is never a formula there.
func writeXLSX(o Output, to *limited, rows []value.Value) error {
	columns, err := o.columns(rows)
	if err != nil {
		return err
	}
	table, err := sheetXML(o, columns, rows)
	if err != nil {
		return err
	}
	name := o.Sheet
	if name == "" {
		name = "Sheet1"
	}
	if err := CheckSheet(name); err != nil {
		return err
	}
	title := &limited{}
	title.escaped(name)
	archive := zip.NewWriter(to)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", rootRels},
		{"xl/workbook.xml", fmt.Sprintf(workbookXML, title.made.String())},
		{"xl/_rels/workbook.xml.rels", bookRels},
		{"xl/styles.xml", styles},
		{"xl/worksheets/sheet1.xml", table},
	} {
		w, err := archive.Create(part.name)
		if err == nil {
			_, err = w.Write([]byte(declaration + part.text))
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}

// CheckSheet refuses names that Excel gives no sheet.
func CheckSheet(name string) error {
	if name == "" || len(utf16.Encode([]rune(name))) > 31 || strings.ContainsAny(name, `[]:*?/\`) || strings.Trim(name, "'") != name {
		return wrong("%.40q is no name of a sheet: it has 31 characters at most, and none of [ ] : * ? / \\", name)
	}
	return nil
}

func sheetXML(o Output, columns []string, rows []value.Value) (string, error) {
	to := &limited{}
	to.text(sheetStart)
	if o.Header {
		to.text(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	}
	to.text("<sheetData>")
	if o.Header {
		to.text("<row>")
		for _, column := range columns {
			if err := textCell(to, column, ` s="1"`); err != nil {
				return "", err
			}
		}
		to.text("</row>")
	}
	for i, row := range rows {
		to.text("<row>")
		for n, cell := range cells(row, columns) {
			if err := writeCell(to, cell); err != nil {
				return "", wrong("the field %.60s of item %d: %s", columns[n], i+1, err)
			}
		}
		to.text("</row>")
	}
	to.text("</sheetData></worksheet>")
	return to.made.String(), to.err
}

// mostDigits are those of a whole number that a spreadsheet keeps.
const mostDigits = 15

func writeCell(to *limited, v value.Value) error {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		to.text("<c/>")
		return to.err
	case value.BoolKind:
		text := "0"
		if v.Truthy() {
			text = "1"
		}
		to.text(`<c t="b"><v>` + text + "</v></c>")
		return to.err
	case value.NumberKind:
		if number := v.Raw(); len(strings.Trim(number, "-")) <= mostDigits {
			to.text("<c><v>" + number + "</v></c>")
			return to.err
		}
	}
	return textCell(to, cellText(v), "")
}

func textCell(to *limited, text, style string) error {
	if len(text) > longestCell && len(utf16.Encode([]rune(text))) > longestCell {
		return wrong("a cell of a workbook has %d characters at most", longestCell)
	}
	to.text(`<c t="inlineStr"` + style + `><is><t xml:space="preserve">`)
	to.escaped(escapedCell(text))
	to.text("</t></is></c>")
	return to.err
}

// escapedCell writes what looks like an escaped letter so that it is read back as it was.
func escapedCell(text string) string {
	var out bytes.Buffer
	for i := range len(text) {
		if text[i] == '_' && unescapedCell(text[i:min(len(text), i+7)]) != text[i:min(len(text), i+7)] {
			out.WriteString("_x005F")
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
