// Package recipe reads recipes: descriptions of an outside service as data, one file of embed/connectors for each. A recipe names the
// service's address, how a request shows who makes it, and the operations with their fields, requests, pages and outputs. It has no
// code; package node makes a node type of each recipe and runs it with the engine of the HTTP node.
//
// Start at Read. template.go is what a request is made of, and check.go refuses a recipe that could not work. A word that is not
// known is an error, so that no rule is silently without effect.
package recipe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"zygo/app/field"
	"zygo/app/value"
)

// Recipe is one service.
type Recipe struct {
	// Name is that of the file, such as telegram.
	Name  string `json:"-"`
	Title string `json:"title"`
	Icon  string `json:"icon"`
	Help  string `json:"help"`
	// Docs is where the vendor describes the API.
	Docs string `json:"docs"`
	// URL is what every path is appended to. {name} stands for a field of the connection.
	URL  string `json:"url"`
	Auth Auth   `json:"auth"`
	// Headers go with every request.
	Headers map[string]string `json:"headers"`
	// Connection are the fields that every operation has: credentials, and where the service runs.
	Connection []Field `json:"connection"`
	// Fields are those of the operations; an operation names the ones that it takes.
	Fields     []Field      `json:"fields"`
	Operations []*Operation `json:"operations"`
}

// Auth is how a request shows who makes it. Its texts may hold {name} for a field of the connection.
type Auth struct {
	// Kind is bearer, header, basic, query, oauth2, or path where the address itself holds the token.
	Kind string `json:"kind"`
	// Name is that of the header or of the parameter.
	Name string `json:"name"`
	// Value is what the header or parameter holds, or the bearer token.
	Value string `json:"value"`
	// Username and Password are those of basic.
	Username string `json:"username"`
	Password string `json:"password"`
	// Also are headers that go with the first one.
	Also map[string]string `json:"also"`
}

// Field is something that a person fills in.
type Field struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Help  string `json:"help"`
	// Type is line, text, long, number, boolean, choice, list, object, value or file; text when empty.
	Type    string         `json:"type"`
	Default string         `json:"default"`
	Options []field.Choice `json:"options"`
	Max     int            `json:"max"`
	// Secret marks a credential.
	Secret   bool `json:"secret"`
	Optional bool `json:"optional"` // of a field of the connection
	Fold     bool `json:"fold"`
	Short    bool `json:"short"`
}

// Operation is something that the service does.
type Operation struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Help  string `json:"help"`
	// Fields are the names of its fields; one that ends in ! is required.
	Fields []string `json:"fields"`
	// Before are requests that are made first. Their answers are known by their names.
	Before []*Named `json:"before"`
	// Let are values that are calculated after that, each known by its name.
	Let *Template `json:"let"`
	Request
	// Each is made for every entry of a list, where that has ids alone. It knows $json.entry, and {entry_id} in its path.
	Each *Request `json:"each"`
	// Pages is how it gives a long list.
	Pages *Pages `json:"pages"`
	// Items is the path of the list in the answer whose entries become the items.
	Items string `json:"items"`
	// Output is an expression over $json.answer that gives the items.
	Output string `json:"output"`
	// Response is file where the answer is one.
	Response string `json:"response"`
	// FileName is what the file of the answer is called.
	FileName *Template `json:"file_name"`
	// OK is the path of what is true in an answer that is a success, and Error of what it says otherwise.
	OK    string `json:"ok"`
	Error string `json:"error"`
	// Mail composes a message, which its request then has as $json.raw.
	Mail *Template `json:"mail"`
	// Written are the examples as they stand in the file: they are read where they are shown or run.
	Written json.RawMessage `json:"examples"`

	output   *Template
	required map[string]bool
	takes    map[string]bool
}

// Request is what is sent.
type Request struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Query   *Template `json:"query"`
	Headers *Template `json:"headers"`
	Body    *Template `json:"body"`
	// As is how the body is sent: json, form, multipart, related or file.
	As string `json:"as"`
	// Timeout is in seconds.
	Timeout int `json:"timeout"`
}

// Named is a request whose answer has a name, or a value that is calculated in the place of one.
type Named struct {
	Name string `json:"name"`
	// When, where it gives nothing or what counts as false, leaves the request out.
	When *Template `json:"when"`
	// Value is what is calculated, where no request is made.
	Value *Template `json:"value"`
	Request
}

// Pages is how a service gives a long list, as the HTTP node reads it.
type Pages struct {
	// Kind is next, number, offset or cursor.
	Kind string `json:"kind"`
	// Next is the path in the answer to the next page's address or cursor.
	Next string `json:"next"`
	// Parameter names the page, in the query or, with In body, in the body.
	Parameter string `json:"parameter"`
	In        string `json:"in"`
	First     int    `json:"first"`
	// Size is the parameter that says how many entries a page has, and Most how many it may have.
	Size string `json:"size"`
	Most int    `json:"most"`
	// End is the code by which the service says that there is no such page, where it does not give an empty one.
	End int `json:"end"`
}

// Example is an operation as it is run by a test and shown in the reference.
type Example struct {
	Fields value.Value `json:"fields"`
	// Item is the JSON of the item that comes in.
	Item     value.Value `json:"item"`
	Requests []Sent      `json:"requests"`
	Answers  []Answer    `json:"answers"`
	Items    value.Value `json:"items"`
	// Fails is a part of the message where the operation fails.
	Fails string `json:"fails"`
}

// Sent is a request that an example makes. Body is JSON, or the text of another body.
type Sent struct {
	Request string            `json:"request"` // method, path and query
	Headers map[string]string `json:"headers"`
	Body    value.Value       `json:"body"`
}

// Answer is what the service answers in an example.
type Answer struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    value.Value       `json:"body"`
}

// Examples reads the examples of an operation.
func (o *Operation) Examples() ([]*Example, error) {
	decoder := json.NewDecoder(bytes.NewReader(o.Written))
	decoder.DisallowUnknownFields()
	var all []*Example
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("the examples of %s: %w", o.Name, err)
	}
	return all, nil
}

// Required tells whether an operation needs a field.
func (o *Operation) Required(name string) bool { return o.required[name] }

// Takes tells whether an operation has a field.
func (o *Operation) Takes(name string) bool { return o.takes[name] }

// Result is the expression that gives the items, nil for none.
func (o *Operation) Result() *Template { return o.output }

// Operation finds an operation by its name, nil for none.
func (r *Recipe) Operation(name string) *Operation {
	for _, o := range r.Operations {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// Read reads one recipe. The error says what is wrong and where.
func Read(name string, text []byte) (*Recipe, error) {
	r, err := read(name, text)
	if err != nil {
		return nil, fmt.Errorf("the recipe %s: %w", name, err)
	}
	return r, nil
}

func read(name string, text []byte) (*Recipe, error) {
	if err := field.CheckJSON(text); err != nil {
		return nil, err
	}
	r := &Recipe{Name: name}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(r); err != nil {
		return nil, err
	}
	return r, r.check()
}

// All reads every recipe of a folder, in the order of their titles as people look for them.
func All(files fs.FS, folder string) ([]*Recipe, error) {
	names, err := fs.Glob(files, folder+"/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Recipe
	for _, file := range names {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		r, err := Read(strings.TrimSuffix(path.Base(file), ".json"), text)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}
