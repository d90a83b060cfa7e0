package n8n

import (
	"fmt"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/value"
)

// Instance is what the database of an instance of n8n holds of its users' work.
type Instance struct {
	Workflows   []Stored
	Credentials map[string]Credential // by their ids
	Variables   []Variable
	// Notes are what could not be read.
	Notes []Note
}

// Stored is a workflow in the database.
type Stored struct {
	// ID is that of n8n, and Folder the names of the folders that it is in, the outermost first.
	ID, Name string
	Folder   []string
	Tags     []string
	// File is the workflow as n8n exports it.
	File value.Value
}

// Variable is a text that workflows use by its name.
type Variable struct{ Name, Value string }

// ReadInstance reads the database through ask, which gives the rows of a SELECT. Tables and columns that a version of n8n does not have
// are empty. Without the encryption key no credential is opened.
func ReadInstance(ask func(sql string) ([]value.Value, error), key string) (*Instance, error) {
	tables, err := ask("SELECT name FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		return nil, err
	}
	rowsOf := func(table string) ([]value.Value, error) {
		if !slices.ContainsFunc(tables, func(row value.Value) bool { return row.Get("name").Raw() == table }) {
			return nil, nil
		}
		return ask("SELECT * FROM " + table)
	}
	in := &Instance{Credentials: map[string]Credential{}}
	read := map[string][]value.Value{}
	for _, table := range []string{"workflow_entity", "credentials_entity", "tag_entity", "workflows_tags", "folder", "variables"} {
		if read[table], err = rowsOf(table); err != nil {
			return nil, err
		}
	}
	if read["workflow_entity"] == nil && read["credentials_entity"] == nil {
		return nil, fault.New(fault.Invalid, "The file is no database of n8n, or an empty one: it has no workflows.")
	}
	in.readCredentials(read["credentials_entity"], key)
	for _, row := range read["variables"] {
		in.Variables = append(in.Variables, Variable{row.Get("key").Raw(), row.Get("value").Text()})
	}
	folders := map[string]value.Value{}
	for _, row := range read["folder"] {
		folders[row.Get("id").Text()] = row
	}
	tags, tagged := map[string]string{}, map[string][]string{}
	for _, row := range read["tag_entity"] {
		tags[row.Get("id").Text()] = row.Get("name").Raw()
	}
	for _, row := range read["workflows_tags"] {
		if name := tags[row.Get("tagId").Text()]; name != "" {
			tagged[row.Get("workflowId").Text()] = append(tagged[row.Get("workflowId").Text()], name)
		}
	}
	for _, row := range read["workflow_entity"] {
		in.readWorkflow(row, folders, tagged[row.Get("id").Text()])
	}
	return in, nil
}

func (in *Instance) readCredentials(rows []value.Value, key string) {
	for _, row := range rows {
		c := Credential{Name: row.Get("name").Raw(), Kind: row.Get("type").Raw()}
		if key == "" {
			continue
		}
		var err error
		if c.Data, err = openCredential(row.Get("data").Raw(), key); err != nil {
			in.Notes = append(in.Notes, Note{c.Name, err.Error()})
			continue
		}
		in.Credentials[row.Get("id").Text()] = c
	}
}

// deepestFolder bounds the way up from a folder, which a broken database could lead in a circle.
const deepestFolder = 8

func (in *Instance) readWorkflow(row value.Value, folders map[string]value.Value, tags []string) {
	w := Stored{ID: row.Get("id").Text(), Name: row.Get("name").Raw(), Tags: tags}
	members := []value.Member{text("name", w.Name)}
	for _, part := range []string{"nodes", "connections", "settings", "pinData"} {
		written := row.Get(part).Raw()
		if written == "" {
			continue
		}
		document, err := value.Parse([]byte(written), value.Limits{Bytes: largest})
		if err != nil {
			in.Notes = append(in.Notes, Note{w.Name, fmt.Sprintf("its %s can't be read: %v", part, err)})
			return
		}
		members = append(members, member(part, document))
	}
	for id := row.Get("parentFolderId").Text(); folders[id].Kind() == value.ObjectKind && len(w.Folder) < deepestFolder; {
		w.Folder = append([]string{strings.TrimSpace(folders[id].Get("name").Raw())}, w.Folder...)
		id = folders[id].Get("parentFolderId").Text()
	}
	w.File = value.Object(members...)
	in.Workflows = append(in.Workflows, w)
}
