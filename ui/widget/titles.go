package widget

import (
	"reflect"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/web"
)

// titles are the names of referenced rows by kind and id.
type Titles map[string]map[string]string

// Referenced reads the titles that the given fields of the rows need, with one query for each kind.
func Referenced(v *web.Visit, kind resource.Resource, records []resource.Record, fields []*field.Field) (Titles, error) {
	found := Titles{}
	ids := map[string][]string{}
	for _, f := range fields {
		if f.RowOf != "" {
			for _, record := range records {
				if to, id := kindOfRow(kind, record, f), kind.Value(record, f); id != "" {
					ids[to] = append(ids[to], id)
				}
			}
		}
		if f.To == "" {
			continue
		}
		for _, record := range records {
			ids[f.To] = append(ids[f.To], f.Refers(reflect.ValueOf(kind.Plain(record, f)))...)
		}
	}
	return found, ReadTitles(v, ids, found)
}

// kindOfRow is the kind of the row that a field holds the id of, by the field that names the kind or a permission on it.
func kindOfRow(kind resource.Resource, record resource.Record, f *field.Field) string {
	by, ok := kind.Spec().Field(f.RowOf)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(kind.Value(record, by), ":")
	return name
}

func ReadTitles(v *web.Visit, ids map[string][]string, into Titles) error {
	for to, list := range ids {
		if _, ok := v.Site.Kernel.Kind(to); !ok {
			continue // a kind that is no more
		}
		found, err := v.Person.TitlesOf(to, list)
		if err != nil {
			return err
		}
		into[to] = found
	}
	return nil
}
