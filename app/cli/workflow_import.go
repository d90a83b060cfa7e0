package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/flow/format"
	"zygo/app/flow/n8n"
	"zygo/app/resource"
)

// importing is what the flags of an import say.
type importing struct {
	from, database, keyFile string
	dryRun                  bool
}

func (p *program) importCommand() *cobra.Command {
	var in importing
	command := &cobra.Command{
		Use:   "import [FILE...]",
		Short: "Make drafts of workflows that Zygo or n8n exported, or of a whole n8n; - is the standard input",
		Long: "Of a workflow of n8n it lists what to look at before you publish it. What Zygo does not have stands in the draft as a " +
			"placeholder, with its name, wires and parameters.\n\n" +
			"With --database it reads the SQLite database of an n8n, which may be running: workflows with their tags and folders, variables, " +
			"and the credentials that the workflows use, which become secrets. Credentials are opened with the encryption key of that n8n, " +
			"from its file ~/.n8n/config or from N8N_ENCRYPTION_KEY. All of it is imported, or nothing.\n\n" +
			"Exit codes: 0 everything does the same, 3 imported with placeholders, 4 a file is refused.",
		Example: "  zygo workflow import orders.json customers.json\n" +
			"  zygo workflow import --from n8n --database ~/.n8n/database.sqlite --encryption-key-file ~/.n8n/config --dry-run",
		RunE: func(c *cobra.Command, files []string) error {
			switch {
			case in.from != "" && in.from != "n8n" && in.from != "zygo":
				return fmt.Errorf("%w: --from is zygo or n8n", errUsage)
			case (in.database == "") == (len(files) == 0):
				return fmt.Errorf("%w: name files, or a database with --database", errUsage)
			case in.database != "":
				return p.importDatabase(c.Context(), in)
			}
			return p.within(c.Context(), func(s *resource.Session) error { return p.importFiles(s, in, files) })
		},
	}
	flags := command.Flags()
	flags.StringVar(&in.from, "from", "", "zygo or n8n; each file says it by itself when empty")
	flags.BoolVar(&in.dryRun, "dry-run", false, "report only, and make nothing")
	flags.StringVar(&in.database, "database", "", "SQLite database of an n8n")
	flags.StringVar(&in.keyFile, "encryption-key-file", "", "file with the encryption key of that n8n, alone or as n8n's own config")
	return command
}

// importFiles makes a draft of each file, and goes on after one that is refused.
func (p *program) importFiles(s *resource.Session, in importing, files []string) error {
	var made []flow.Imported
	var rows [][]string
	refused := error(nil)
	for _, path := range files {
		text, err := p.readFile(path)
		if err != nil && len(files) == 1 {
			return err
		}
		var one flow.Imported
		if err == nil {
			one, err = flow.ImportFile(s, text, in.from, in.dryRun)
		}
		if err != nil {
			fmt.Fprintf(p.Err, "%s: %s\n", path, sentence(err))
			refused = errRefused
			continue
		}
		made = append(made, one)
		rows = append(rows, importRows(one)...)
	}
	if err := p.print(made, "", rows); err != nil {
		return err
	}
	return errors.Join(refused, partly(made))
}

// importRows tell of an imported workflow.
func importRows(one flow.Imported) [][]string {
	rows := [][]string{{one.Name + " is a draft now, with the id " + one.ID + "."}}
	if one.ID == "" {
		rows[0][0] = one.Name + " can be imported."
	}
	for _, note := range one.Notes {
		rows = append(rows, []string{strings.TrimSpace(note.Node + " " + note.Text)})
	}
	return rows
}

func partly(made []flow.Imported) error {
	for _, one := range made {
		if one.Placeholders > 0 {
			return errPartly
		}
	}
	return nil
}

// importDatabase imports a whole n8n.
func (p *program) importDatabase(ctx context.Context, in importing) error {
	key := ""
	if in.keyFile != "" {
		text, err := os.ReadFile(in.keyFile)
		if err != nil {
			return fault.New(fault.NotFound, "The file %s can't be read.", in.keyFile).Because(err)
		}
		if key = n8n.EncryptionKey(text); key == "" {
			return fault.New(fault.Invalid, "The file %s holds no encryption key.", in.keyFile)
		}
	}
	database, err := format.OpenDatabase(in.database)
	if err != nil {
		return err
	}
	defer database.Close()
	instance, err := n8n.ReadInstance(database.All, key)
	if err != nil {
		return err
	}
	return p.within(ctx, func(s *resource.Session) error {
		made, err := flow.ImportInstance(s, instance, in.dryRun)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, one := range made.Workflows {
			rows = append(rows, importRows(one)...)
		}
		for _, note := range made.Notes {
			rows = append(rows, []string{strings.TrimSpace(note.Node + " " + note.Text)})
		}
		rows = append(rows, []string{fmt.Sprintf("%d workflows, %d folders, %d variables, %d secrets.", len(made.Workflows), made.Folders,
			made.Variables, made.Secrets)})
		if err := p.print(made, "", rows); err != nil {
			return err
		}
		return partly(made.Workflows)
	})
}
