package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zygo/app/api"
	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/ui"
	"zygo/ui/web"
)

func (p *program) routes() *cobra.Command {
	return &cobra.Command{
		Use:   "routes",
		Short: "List every route with the permission that it needs",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := Routes(p.Modules)
			if err != nil {
				return err
			}
			type route struct {
				Method     string `json:"method"`
				Path       string `json:"path"`
				Permission string `json:"permission"`
				Kind       string `json:"kind,omitempty"`
			}
			var list []route
			var rows [][]string
			for _, r := range all {
				permission := r.Permission
				if permission == "" {
					permission = "signed in"
				}
				list = append(list, route{r.Method, r.Path, permission, r.Kind})
				rows = append(rows, []string{r.Method, r.Path, permission, r.Kind})
			}
			return p.print(list, "", rows)
		},
	}
}

// Routes are all routes of a binary that consists of the modules, by path.
func Routes(modules []module.Module) ([]edge.Route, error) {
	kernel, err := resource.Catalogue(module.Kernel(modules))
	if err != nil {
		return nil, err
	}
	declared := operations(modules, &identity.Services{}, nil, nil, nil)
	site, err := ui.New(kernel, web.Options{Operations: declared}, nil)
	if err != nil {
		return nil, err
	}
	all := append(api.New(kernel, nil, nil, api.Options{Operations: declared}).Routes(), site.Routes()...)
	slices.SortStableFunc(all, func(a, b edge.Route) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return all, nil
}
