package format

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"zygo/app/value"
)

// In what becomes of XML, the name of an attribute begins with attributeMark, and the text beside attributes or elements is
// called textKey.
const (
	attributeMark = "@"
	textKey       = "#text"
)

// element is one that is open.
type element struct {
	name   string
	inside object
	text   strings.Builder
}

// XMLReading says what becomes of elements and attributes.
type XMLReading struct {
	// AttributesIn is the field of an element for its attributes; when it is empty they are fields of the element.
	AttributesIn string `json:"attributes_in,omitempty"`
	NoAttributes bool   `json:"no_attributes,omitempty"`
	// TextIn is the field for a text beside attributes or elements.
	TextIn string `json:"text_in,omitempty"`
	// Lists makes a list of the elements of one name, also where there is one.
	Lists bool `json:"lists,omitempty"`
	// Inside gives what the outermost element holds.
	Inside bool `json:"inside,omitempty"`
	// Trim takes the blanks around texts off, and Normalize makes one of several within them, too.
	Trim      bool `json:"trim,omitempty"`
	Normalize bool `json:"normalize,omitempty"`
	// Lower writes the names of elements in small letters.
	Lower bool `json:"lower,omitempty"`
}

var blanks = pattern(`\s{2,}`)

// value is the text of an element that holds no more than that, else an object.
func (t *xmlTree) value(e *element) value.Value {
	text := e.text.String()
	isAlone := len(e.inside.names) == 0
	isBlank := strings.TrimSpace(text) == ""
	if !isBlank && t.o.Normalize {
		text = blanks().ReplaceAllString(text, " ")
	}
	if !isBlank && (t.o.Normalize || t.o.Trim || t.trimmed && !isAlone) {
		text = strings.TrimSpace(text)
	}
	if isAlone {
		return value.String(text)
	}
	if !isBlank {
		e.inside.add(t.o.TextIn, value.String(text))
	}
	return e.inside.value()
}

// readXML keeps the names as they are written, with their prefixes. What the file declares in its DOCTYPE is not expanded.
func readXML(o Options, body []byte, put func(value.Value) error) error {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.CharsetReader = charset.NewReaderLabel
	if o.Charset != "" {
		text, err := decoded(o.Charset, body)
		if err != nil {
			return err
		}
		decoder = xml.NewDecoder(strings.NewReader(text))
		decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	}
	tree := xmlTree{open: []*element{{}}, o: o.XML, trimmed: !o.AsInN8n}
	if !o.AsInN8n && o.XML.AttributesIn == "" {
		tree.mark = attributeMark
	}
	tree.o.TextIn = cmp.Or(tree.o.TextIn, map[bool]string{true: textInN8n, false: textKey}[o.AsInN8n])
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return tree.end(put)
		}
		if err == nil {
			err = tree.take(token)
		}
		if err != nil {
			line, _ := decoder.InputPos()
			return wrong("line %d of the file is not XML: %s", line, strings.TrimPrefix(err.Error(), "XML syntax error on "))
		}
	}
}

// xmlTree is what was read of a document: the elements that are open, within one that stands for the document.
type xmlTree struct {
	open []*element
	o    XMLReading
	// mark begins the names of attributes.
	mark string
	// trimmed takes the blanks around a text beside elements off.
	trimmed bool
}

func (t *xmlTree) take(token xml.Token) error {
	top := t.open[len(t.open)-1]
	switch token := token.(type) {
	case xml.StartElement:
		if len(t.open) > deepest {
			return wrong("elements are nested more than %d levels deep", deepest)
		}
		if len(t.open) == 1 && len(top.inside.names) > 0 {
			return wrong("there is a second element beside the outermost one")
		}
		t.open = append(t.open, t.start(token))
	case xml.EndElement:
		if len(t.open) == 1 || nameOf(token.Name) != top.name {
			return wrong("</%.60s> ends what did not begin", nameOf(token.Name))
		}
		t.open = t.open[:len(t.open)-1]
		name := top.name
		if t.o.Lower {
			name = strings.ToLower(name)
		}
		t.put(t.open[len(t.open)-1], name, t.value(top))
	case xml.CharData:
		if len(t.open) > 1 {
			top.text.Write(token)
		}
	}
	return nil
}

// start begins an element with its attributes.
func (t *xmlTree) start(token xml.StartElement) *element {
	started, attributes := &element{name: nameOf(token.Name)}, object{}
	for _, a := range token.Attr {
		switch name, v := t.mark+nameOf(a.Name), value.String(a.Value); {
		case t.o.NoAttributes:
		case t.o.AttributesIn != "":
			attributes.set(name, v)
		default:
			t.put(started, name, v)
		}
	}
	if len(attributes.names) > 0 {
		started.inside.add(t.o.AttributesIn, attributes.value())
	}
	return started
}

// put adds what an element holds.
func (t *xmlTree) put(to *element, name string, v value.Value) {
	if to.inside.add(name, v); t.o.Lists && to != t.open[0] {
		if to.inside.lists == nil {
			to.inside.lists = map[string]bool{}
		}
		to.inside.lists[name] = true
	}
}

func (t *xmlTree) end(put func(value.Value) error) error {
	switch {
	case len(t.open) > 1:
		return wrong("the file ends within <%.60s>", t.open[len(t.open)-1].name)
	case len(t.open[0].inside.names) == 0:
		return wrong("the file is not XML: it has no element")
	}
	document := t.open[0].inside
	if t.o.Inside {
		return put(document.values[document.names[0]][0])
	}
	return put(document.value())
}

func nameOf(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

// writeXML writes a document whose outermost element has one element for each row.
func writeXML(o Output, to *limited, rows []value.Value) error {
	o.TextIn = cmp.Or(o.TextIn, map[bool]string{true: textInN8n, false: textKey}[o.AsInN8n])
	if o.AsInN8n && o.One {
		return writeXMLAsInN8n(o, to, rows)
	}
	w := xmlWriter{to, o}
	if len(rows) == 1 && rows[0].Len() == 1 && o.Root == "" {
		for name, v := range rows[0].Members() {
			if v.Kind() != value.ListKind {
				return w.document(name, v)
			}
		}
	}
	root, row := o.Root, o.Row
	if root == "" {
		root = "items"
	}
	if row == "" {
		row = "item"
	}
	return w.document(root, value.Object(value.Member{Key: row, Value: value.List(rows...)}))
}

type xmlWriter struct {
	*limited
	o Output
}

func (w xmlWriter) document(root string, v value.Value) error {
	if !w.o.Headless {
		w.text(xml.Header)
	}
	if err := w.element(root, v); err != nil {
		return err
	}
	w.text("\n")
	return w.err
}

// content writes the text of an element.
func (w xmlWriter) content(text string, escape func(string)) {
	if w.o.CData && strings.ContainsAny(text, "<>&") {
		text = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
				return utf8.RuneError // as where it is escaped
			}
			return r
		}, text)
		w.text("<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>")
		return
	}
	escape(text)
}

// attributes writes those that an object has in the field for them, or as fields whose names have the mark.
func (w xmlWriter) attributes(v value.Value, escape func(string)) error {
	for key, attribute := range v.Members() {
		own, is := strings.CutPrefix(key, attributeMark)
		switch {
		case w.o.AttributesIn != "" && key == w.o.AttributesIn:
			for name, one := range attribute.Members() {
				if err := w.attribute(name, one, escape); err != nil {
					return err
				}
			}
		case is && w.o.AttributesIn == "":
			if err := w.attribute(own, attribute, escape); err != nil {
				return err
			}
		}
	}
	return w.err
}

func (w xmlWriter) attribute(name string, v value.Value, escape func(string)) error {
	if err := CheckElement(name); err != nil {
		return err
	}
	w.text(" " + name + `="`)
	escape(cellText(v))
	w.text(`"`)
	return nil
}

func (w xmlWriter) isAttribute(key string) bool {
	return w.o.AttributesIn != "" && key == w.o.AttributesIn || w.o.AttributesIn == "" && strings.HasPrefix(key, attributeMark)
}

func (w xmlWriter) element(name string, v value.Value) error {
	if err := CheckElement(name); err != nil {
		return err
	}
	w.text("<" + name)
	if err := w.attributes(v, w.escaped); err != nil {
		return err
	}
	w.text(">")
	switch v.Kind() {
	case value.ObjectKind:
		for key, child := range v.Members() {
			if err := w.child(key, child); err != nil {
				return err
			}
		}
	case value.ListKind:
		for _, entry := range v.Elements() {
			if err := w.element("item", entry); err != nil {
				return err
			}
		}
	default:
		w.content(cellText(v), w.escaped)
	}
	w.text("</" + name + ">")
	return w.err
}

// child writes a member of an object: its text, or an element for each value.
func (w xmlWriter) child(key string, v value.Value) error {
	switch {
	case w.isAttribute(key):
		return nil
	case key == w.o.TextIn:
		w.content(cellText(v), w.escaped)
		return nil
	case v.Kind() != value.ListKind:
		return w.element(key, v)
	}
	for _, entry := range v.Elements() {
		if err := w.element(key, entry); err != nil {
			return err
		}
	}
	return nil
}

// CheckElement refuses what is no name of an element or attribute.
func CheckElement(name string) error {
	for i, r := range name {
		isLetter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r >= 0xC0 && r != '×' && r != '÷' && r < 0x2000
		if !isLetter && (i == 0 || !strings.ContainsRune("0123456789-.:", r)) {
			return wrong("%.60q is no name of an element: it has letters, digits, - . and _, and begins with a letter", name)
		}
	}
	if name == "" {
		return wrong("an element needs a name")
	}
	return nil
}
