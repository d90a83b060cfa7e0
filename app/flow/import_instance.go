package flow

import (
	"errors"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/n8n"
	"zygo/app/resource"
)

// ImportedInstance is what was made of an instance of n8n.
type ImportedInstance struct {
	Workflows []Imported `json:"workflows"`
	Folders   int        `json:"folders"`
	Variables int        `json:"variables"`
	Secrets   int        `json:"secrets"`
	// Notes are what could not be read, and what was there already.
	Notes []n8n.Note `json:"notes"`
}

// errDryRun takes back what an import wrote.
var errDryRun = errors.New("nothing is kept of a dry run")

// ImportInstance makes folders, variables, secrets and drafts of what an instance of n8n holds, all of it or nothing. Workflows that
// call each other do so here too. A secret or a variable that is there already stays as it is. A dry run keeps nothing.
func ImportInstance(s *resource.Session, in *n8n.Instance, dryRun bool) (*ImportedInstance, error) {
	var report *ImportedInstance
	err := s.Write(func(s *resource.Session) error {
		i := &instanceImport{s: s, from: in, folders: map[string]field.Ref{}, report: &ImportedInstance{Notes: in.Notes}}
		report = i.report
		if err := i.all(); err != nil {
			return err
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if dryRun && errors.Is(err, errDryRun) {
		err = nil
		for i := range report.Workflows {
			report.Workflows[i].unmake()
		}
	}
	return report, err
}

// instanceImport is an import under way.
type instanceImport struct {
	s       *resource.Session
	from    *n8n.Instance
	folders map[string]field.Ref // by their paths
	report  *ImportedInstance
}

func (i *instanceImport) all() error {
	for _, v := range i.from.Variables {
		made, err := i.keep("variable", resource.Input{"name": resource.Text(v.Name), "value": resource.Text(v.Value)}, v.Name)
		if err != nil {
			return err
		}
		i.report.Variables += made
	}
	// The ids come first, so that workflows can name each other.
	known := n8n.Known{Workflows: map[string]string{}, Credentials: i.from.Credentials}
	for _, w := range i.from.Workflows {
		folder, err := i.folder(w.Folder)
		if err != nil {
			return err
		}
		made, err := Workflows.CreateFrom(i.s, resource.Input{"name": resource.Text(w.Name)}, func(draft *Workflow) error {
			draft.Folder = folder
			return nil
		})
		if err != nil {
			return named(w.Name, err)
		}
		known.Workflows[w.ID] = made.ID
	}
	kept := map[string]bool{}
	for n := range i.from.Workflows {
		w := &i.from.Workflows[n]
		if err := i.fill(w, known, kept); err != nil {
			return named(w.Name, err)
		}
	}
	return nil
}

// fill gives a draft its graph, and keeps the secrets that it uses.
func (i *instanceImport) fill(w *n8n.Stored, known n8n.Known, kept map[string]bool) error {
	read, err := w.In(known)
	if err != nil {
		return err
	}
	read.Name = w.Name
	report, err := importWithin(i.s, read)
	if err != nil {
		return err
	}
	portable := portableOf(read)
	portable.Tags = w.Tags
	input, err := portable.input()
	if err != nil {
		return err
	}
	kind, _ := i.s.Kernel().Kind(Workflows.Name)
	id := known.Workflows[w.ID]
	if _, err := kind.Update(i.s, id, 0, input); err != nil {
		return err
	}
	report.ID = id
	i.report.Workflows = append(i.report.Workflows, report)
	for _, secret := range read.Secrets {
		if kept[secret.Name] {
			continue
		}
		kept[secret.Name] = true
		made, err := i.keep("secret", resource.Input{"name": resource.Text(secret.Name), "value": resource.Text(secret.Value)}, secret.Name)
		if err != nil {
			return err
		}
		i.report.Secrets += made
	}
	return nil
}

// keep makes a row, and tells how many it made: none where one has the name already.
func (i *instanceImport) keep(kindName string, in resource.Input, name string) (int, error) {
	kind, _ := i.s.Kernel().Kind(kindName)
	there, err := kind.List(i.s, resource.Query{Limit: 1, Filters: []resource.Filter{{Field: "name", Operator: "eq", Values: []string{name}}}})
	if err != nil {
		return 0, err
	}
	if len(there.Rows) > 0 {
		i.report.Notes = append(i.report.Notes, n8n.Note{Node: name, Text: "is there already, and stays as it is"})
		return 0, nil
	}
	if _, err := kind.Create(i.s, in); fault.Is(err, fault.Invalid) {
		i.report.Notes = append(i.report.Notes, n8n.Note{Node: name, Text: "can't be kept: " + fault.Public(err).Message})
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	return 1, nil
}

// folder finds a folder by the names that lead to it, and makes those that are missing.
func (i *instanceImport) folder(path []string) (field.Ref, error) {
	var at field.Ref
	whole := ""
	for _, name := range path {
		whole += "\x00" + name
		if known, ok := i.folders[whole]; ok {
			at = known
			continue
		}
		parent := at
		made, err := Folders.Create(i.s, func(f *Folder) error {
			f.Name, f.Parent = name, parent
			return nil
		})
		if err != nil {
			return "", named(name, err)
		}
		at = field.Ref(made.ID)
		i.folders[whole] = at
		i.report.Folders++
	}
	return at, nil
}

// named says of what in a whole instance an error is.
func named(name string, err error) error {
	if f, ok := fault.As(err); ok {
		return fault.New(f.Code, "%s: %s", name, f.Message).Because(err)
	}
	return err
}
