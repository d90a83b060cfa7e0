package field

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Address is where mail goes: at most three lines, then the rest in parts, since countries write them in different orders.
// The zero Address is none.
type Address struct {
	Lines      []string `json:"lines"`
	PostalCode string   `json:"postal_code"`
	City       string   `json:"city"`
	Region     string   `json:"region"`
	// Country is a code of ISO 3166 with two letters.
	Country string `json:"country"`
}

const (
	mostAddressLines = 3
	longestPart      = 200
)

// Column is the column type: no address is NULL.
func (Address) Column() string { return nullableColumn }

// Value is what the driver stores.
func (a Address) Value() (driver.Value, error) {
	if a.isNone() {
		return nil, nil
	}
	return string(a.appendJSON(nil)), nil
}

// Scan reads what the driver stored.
func (a *Address) Scan(from any) error { return scanJSON(from, a) }

// Words are the address on one line.
func (a Address) Words() string {
	place := strings.TrimSpace(a.PostalCode + " " + a.City)
	parts := append(slices.Clone(a.Lines), place, a.Region, CountryName(a.Country))
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

func (a Address) isNone() bool { return len(a.Lines) == 0 && a.parts() == [4]string{} }

// parts are what stands behind the lines, in the order of the text form.
func (a Address) parts() [4]string { return [4]string{a.PostalCode, a.City, a.Region, a.Country} }

func (a Address) appendJSON(out []byte) []byte {
	out = appendTexts(append(out, `{"lines":`...), a.Lines)
	for i, name := range []string{"postal_code", "city", "region", "country"} {
		out = append(append(append(out, `,"`...), name...), `":`...)
		out = AppendJSONString(out, a.parts()[i])
	}
	return append(out, '}')
}

// clean takes off spaces around the parts and lines without text.
func (a Address) clean() Address {
	one := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	clean := Address{PostalCode: one(a.PostalCode), City: one(a.City), Region: one(a.Region), Country: strings.ToUpper(one(a.Country))}
	for _, line := range a.Lines {
		if line = one(line); line != "" {
			clean.Lines = append(clean.Lines, line)
		}
	}
	return clean
}

type addressType struct{}

func (addressType) Name() string { return "address" }

func (addressType) Schema(f *Field) Schema {
	part := Schema{"type": "string", "maxLength": longestPart}
	return Schema{"type": f.orNull("object"), "additionalProperties": false, "properties": Schema{
		"lines": Schema{"type": "array", "maxItems": mostAddressLines, "items": part}, "postal_code": part, "city": part, "region": part,
		"country": Schema{"type": "string", "pattern": "^([A-Z]{2})?$", "description": "The code of ISO 3166 with two letters."},
	}, "examples": []any{
		Schema{"lines": []any{"Invalidenstraße 116"}, "postal_code": "10115", "city": "Berlin", "region": "", "country": "DE"},
	}}
}

func (addressType) AppendJSON(out []byte, v reflect.Value) []byte {
	a := v.Interface().(Address)
	if a.isNone() {
		return append(out, "null"...)
	}
	return a.appendJSON(out)
}

func (addressType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var a Address
	if err := decodeStrictly(raw, &a); err != nil {
		return errors.New("must be an object with lines, postal_code, city, region and country")
	}
	v.Set(reflect.ValueOf(a.clean()))
	return nil
}

// FromText reads lines, of which the last four are postal code, city, region and country; each of them may be empty.
func (addressType) FromText(_ *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetZero()
		return nil
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if len(lines) < 4 {
		return errors.New("must be lines, of which the last four are postal code, city, region and country")
	}
	rest := lines[len(lines)-4:]
	v.Set(reflect.ValueOf(Address{lines[:len(lines)-4], rest[0], rest[1], rest[2], rest[3]}.clean()))
	return nil
}

func (addressType) Text(v reflect.Value) string {
	a := v.Interface().(Address)
	if a.isNone() {
		return ""
	}
	parts := a.parts()
	return strings.Join(append(slices.Clone(a.Lines), parts[:]...), "\n")
}

func (addressType) Check(f *Field, v reflect.Value) string {
	a := v.Interface().(Address)
	parts := a.parts()
	switch {
	case f.Required && a.isNone():
		return "is required"
	case len(a.Lines) > mostAddressLines:
		return fmt.Sprintf("has %d lines; %d is the most", len(a.Lines), mostAddressLines)
	case a.Country != "" && CountryName(a.Country) == "":
		return "needs a country's code of ISO 3166 such as DE"
	}
	for _, part := range append(parts[:], a.Lines...) {
		if utf8.RuneCountInString(part) > longestPart {
			return fmt.Sprintf("has a part of more than %d characters", longestPart)
		}
	}
	return ""
}
