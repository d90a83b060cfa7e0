package node

import (
	"encoding/csv"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"zygo/app/outgoing"
	"zygo/app/value"
)

// assign puts a value into a parameter; the answer is a sentence about what is wrong with it, or empty. What an expression
// gave is read generously (the text "5" is a number, a number is a text), because data is what it is; what a person wrote
// must have the right type.
func (f *Field) assign(v value.Value, into reflect.Value, generous bool) string {
	if v.IsMissing() && f.Widget != "value" {
		if f.Default == "" {
			into.SetZero()
			return f.check(into)
		}
		v, generous = value.String(f.Default), true
	}
	wrong := ""
	switch f.shape() {
	case "value":
		into.Set(reflect.ValueOf(v))
	case "boolean":
		wrong = assignBool(v, into, generous)
	case "number":
		wrong = assignNumber(v, into, generous)
	case "texts", "choices":
		wrong = f.assignTexts(v, into, generous)
	case "rows":
		return "must be a list"
	default:
		wrong = assignText(v, into, generous)
	}
	if wrong != "" {
		return wrong
	}
	return f.check(into)
}

func assignText(v value.Value, into reflect.Value, generous bool) string {
	switch {
	case v.Kind() == value.StringKind:
		into.SetString(v.Raw())
	case !generous:
		return "must be a text"
	case v.Kind() == value.ListKind || v.Kind() == value.ObjectKind:
		into.SetString(v.JSON())
	default:
		into.SetString(v.Text())
	}
	return ""
}

func assignBool(v value.Value, into reflect.Value, generous bool) string {
	switch {
	case v.Kind() == value.BoolKind || generous && v.Kind() == value.NumberKind:
		into.SetBool(v.Truthy())
	case generous && (v.Raw() == "true" || v.Raw() == "false"):
		into.SetBool(v.Raw() == "true")
	default:
		return "must be true or false"
	}
	return ""
}

func assignNumber(v value.Value, into reflect.Value, generous bool) string {
	f := v.Number()
	if v.Kind() != value.NumberKind && !(generous && v.Kind() == value.StringKind && strings.TrimSpace(v.Raw()) != "") || math.IsNaN(f) || math.IsInf(f, 0) {
		return "must be a number"
	}
	if into.Kind() == reflect.Float64 {
		into.SetFloat(f)
		return ""
	}
	if f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return "must be a whole number"
	}
	into.SetInt(int64(f))
	return ""
}

// assignTexts takes a list, or a text with commas as people write lists. A list that an expression gave for an entry has the
// entries in its place.
func (f *Field) assignTexts(v value.Value, into reflect.Value, generous bool) string {
	var texts []string
	switch v.Kind() {
	case value.ListKind:
		for _, element := range v.Elements() {
			switch {
			case element.Kind() == value.ListKind && generous:
				for _, inner := range element.Elements() {
					texts = append(texts, inner.Text())
				}
			case element.Kind() != value.StringKind && !generous:
				return "must be a list of texts"
			default:
				texts = append(texts, element.Text())
			}
		}
	case value.StringKind:
		texts = f.entries(v.Raw())
	default:
		if f.Widget != "text" || !generous {
			return "must be a list of texts"
		}
		texts = []string{v.Text()}
	}
	into.Set(reflect.MakeSlice(into.Type(), len(texts), len(texts)))
	for i, text := range texts {
		into.Index(i).SetString(text)
	}
	return ""
}

// entries are the parts between the commas of a text. A part in quotes keeps its commas.
func (f *Field) entries(text string) []string {
	switch {
	case f.Widget == "text":
		return []string{text}
	case f.addresses:
		return outgoing.SplitAddresses(text)
	}
	read := csv.NewReader(strings.NewReader(text))
	read.TrimLeadingSpace, read.LazyQuotes, read.FieldsPerRecord = true, true, -1
	lines, err := read.ReadAll()
	if err != nil {
		return []string{text}
	}
	var entries []string
	for _, part := range slices.Concat(lines...) {
		if part = strings.TrimSpace(part); part != "" {
			entries = append(entries, part)
		}
	}
	return entries
}

// check tells which of the tag's bounds a parameter breaks.
func (f *Field) check(v reflect.Value) string {
	switch f.Widget {
	case "value":
		if f.Required && v.Interface().(value.Value).Kind() == value.UndefinedKind {
			return "is required"
		}
		return ""
	case "boolean":
		return ""
	case "number":
		n := v.Convert(reflect.TypeFor[float64]()).Float()
		if f.Max != 0 && (n < float64(f.Min) || n > float64(f.Max)) {
			return fmt.Sprintf("must lie between %d and %d", f.Min, f.Max)
		}
		return ""
	}
	length := v.Len()
	if length == 0 {
		if f.Required {
			return "is required"
		}
		return ""
	}
	if length > f.most() {
		return fmt.Sprintf("is longer than %d", f.most())
	}
	if f.Choices == nil {
		return ""
	}
	if v.Kind() == reflect.String {
		return f.checkChoice(v.String())
	}
	for i := range length {
		if wrong := f.checkChoice(v.Index(i).String()); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (f *Field) checkChoice(chosen string) string {
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	if slices.Contains(values, chosen) {
		return ""
	}
	return "must be one of " + strings.Join(values, ", ")
}
