package format

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

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
	// textKey is the name of its text beside others.
	textKey string
}

// value is the text of an element that holds no more than that, else an object.
func (e *element) value() value.Value {
	text := e.text.String()
	if len(e.inside.names) == 0 {
		return value.String(text)
	}
	if text = strings.TrimSpace(text); text != "" {
		e.inside.add(e.textKey, value.String(text))
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
	tree := xmlTree{open: []*element{{}}, mark: attributeMark, textKey: textKey}
	if o.AsInN8n {
		tree.mark, tree.textKey = "", textInN8n
	}
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
	// mark begins the names of attributes, and textKey is the name of a text beside others.
	mark, textKey string
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
		started := &element{name: nameOf(token.Name), textKey: t.textKey}
		for _, a := range token.Attr {
			started.inside.add(t.mark+nameOf(a.Name), value.String(a.Value))
		}
		t.open = append(t.open, started)
	case xml.EndElement:
		if len(t.open) == 1 || nameOf(token.Name) != top.name {
			return wrong("</%.60s> ends what did not begin", nameOf(token.Name))
		}
		t.open = t.open[:len(t.open)-1]
		t.open[len(t.open)-1].inside.add(top.name, top.value())
	case xml.CharData:
		if len(t.open) > 1 {
			top.text.Write(token)
		}
	}
	return nil
}

func (t *xmlTree) end(put func(value.Value) error) error {
	switch {
	case len(t.open) > 1:
		return wrong("the file ends within <%.60s>", t.open[len(t.open)-1].name)
	case len(t.open[0].inside.names) == 0:
		return wrong("the file is not XML: it has no element")
	}
	return put(t.open[0].inside.value())
}

func nameOf(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

// writeXML writes a document whose outermost element has one element for each row.
func writeXML(o Output, to *limited, rows []value.Value) error {
	if o.AsInN8n && o.One {
		return writeXMLAsInN8n(o, to, rows)
	}
	if len(rows) == 1 && rows[0].Len() == 1 && o.Root == "" {
		for name, v := range rows[0].Members() {
			if v.Kind() != value.ListKind {
				return writeDocument(to, name, v)
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
	return writeDocument(to, root, value.Object(value.Member{Key: row, Value: value.List(rows...)}))
}

func writeDocument(to *limited, root string, v value.Value) error {
	to.text(xml.Header)
	if err := writeElement(to, root, v); err != nil {
		return err
	}
	to.text("\n")
	return to.err
}

func writeElement(to *limited, name string, v value.Value) error {
	if err := CheckElement(name); err != nil {
		return err
	}
	if v.Kind() != value.ObjectKind {
		to.text("<" + name + ">")
		if v.Kind() == value.ListKind {
			for _, entry := range v.Elements() {
				if err := writeElement(to, "item", entry); err != nil {
					return err
				}
			}
		} else {
			to.escaped(cellText(v))
		}
		to.text("</" + name + ">")
		return to.err
	}
	to.text("<" + name)
	for key, attribute := range v.Members() {
		if own, is := strings.CutPrefix(key, attributeMark); is {
			if err := CheckElement(own); err != nil {
				return err
			}
			to.text(" " + own + `="`)
			to.escaped(cellText(attribute))
			to.text(`"`)
		}
	}
	to.text(">")
	for key, child := range v.Members() {
		switch {
		case strings.HasPrefix(key, attributeMark):
		case key == textKey:
			to.escaped(cellText(child))
		case child.Kind() == value.ListKind:
			for _, entry := range child.Elements() {
				if err := writeElement(to, key, entry); err != nil {
					return err
				}
			}
		default:
			if err := writeElement(to, key, child); err != nil {
				return err
			}
		}
	}
	to.text("</" + name + ">")
	return to.err
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
