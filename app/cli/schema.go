package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"zygo/app/module"
	"zygo/app/resource"
	"zygo/store"
)

// schema prints the SQL of the declared tables, from which a migration is written.
func (p *program) schema() *cobra.Command {
	return &cobra.Command{Use: "schema", Hidden: true, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		statements, err := Schema(p.Modules)
		if err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := fmt.Fprintf(p.Out, "-- +goose StatementBegin\n%s;\n-- +goose StatementEnd\n\n", statement); err != nil {
				return err
			}
		}
		return nil
	}}
}

// Schema is the SQL of all tables that the modules declare.
func Schema(modules []module.Module) ([]string, error) {
	kernel, err := resource.Catalogue(module.Kernel(modules))
	if err != nil {
		return nil, err
	}
	return store.Schema(kernel.Tables(module.Kernel(modules))), nil
}
