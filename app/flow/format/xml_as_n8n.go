package format

import (
	"cmp"
	"strings"

	"zygo/app/value"
)

// The names of attributes and of texts beside elements in n8n.
const (
	attributesInN8n = "$"
	textInN8n       = "_"
)

// writeXMLAsInN8n writes an item as a document: its only field is the outermost element.
func writeXMLAsInN8n(o Output, to *limited, rows []value.Value) error {
	o.AttributesIn = cmp.Or(o.AttributesIn, attributesInN8n)
	root, v := cmp.Or(o.Root, "root"), rows[0]
	for name, inner := range v.Members() {
		if v.Len() == 1 && o.Root == "" {
			root, v = name, inner
		}
	}
	if !o.Headless {
		to.text(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	}
	return xmlWriter{to, o}.elementInN8n(root, v, "\n")
}

// elementInN8n writes an element whose children are on lines of their own, unless it has a text alone.
func (w xmlWriter) elementInN8n(name string, v value.Value, line string) error {
	if err := CheckElement(name); err != nil {
		return err
	}
	w.text("<" + name)
	for _, object := range objectsIn(v) {
		if err := w.attributes(object, w.attributeInN8n); err != nil {
			return err
		}
	}
	children := w.childrenInN8n(v)
	switch {
	case len(children) == 0 || len(children) == 1 && children[0].Key == "" && children[0].Value.Text() == "":
		w.text("/>")
		return w.err
	case len(children) == 1 && children[0].Key == "":
		w.text(">")
		w.content(children[0].Value.Text(), w.escapedInN8n)
		w.text("</" + name + ">")
		return w.err
	}
	w.text(">")
	for _, child := range children {
		w.text(line + "  ")
		if child.Key == "" {
			w.content(child.Value.Text(), w.escapedInN8n)
		} else if err := w.elementInN8n(child.Key, child.Value, line+"  "); err != nil {
			return err
		}
	}
	w.text(line + "</" + name + ">")
	return w.err
}

// objectsIn are an object, or those of a list, whose members are written one after the other.
func objectsIn(v value.Value) (all []value.Value) {
	if v.Kind() == value.ObjectKind {
		return []value.Value{v}
	}
	for _, element := range v.Elements() {
		if element.Kind() == value.ObjectKind {
			all = append(all, element)
		}
	}
	return all
}

// childrenInN8n are the elements in an element, with a text under no name.
func (w xmlWriter) childrenInN8n(v value.Value) (all []value.Member) {
	if v.Kind() != value.ObjectKind && v.Kind() != value.ListKind && !v.IsMissing() {
		return []value.Member{{Value: v}}
	}
	for _, object := range objectsIn(v) {
		for key, inner := range object.Members() {
			switch {
			case w.isAttribute(key):
			case key == w.o.TextIn:
				all = append(all, value.Member{Value: inner})
			case inner.Kind() == value.ListKind:
				for _, one := range inner.Elements() {
					all = append(all, value.Member{Key: key, Value: one})
				}
			default:
				all = append(all, value.Member{Key: key, Value: inner})
			}
		}
	}
	return all
}

var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func (w xmlWriter) escapedInN8n(text string)   { w.text(textEscapes.Replace(text)) }
func (w xmlWriter) attributeInN8n(text string) { w.text(attributeEscapes.Replace(text)) }
