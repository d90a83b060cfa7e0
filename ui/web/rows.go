package web

import (
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// MayCreate tells whether the person may make rows of the kind with that name.
func (v *Visit) MayCreate(name string) bool {
	kind, ok := v.Site.Kernel.Kind(name)
	return ok && kind.Spec().Has(resource.Create) && v.Person.May(kind.Spec(), resource.Create)
}

// When is a time, or nothing if there is none.
func When(at field.Time) markup.Cell {
	if at == 0 {
		return nil
	}
	return markup.Time(at.Go())
}

// Viewer reads times in the zone that the person chose, else in the browser's.
func (v *Visit) Viewer() markup.Viewer {
	at := zone(v.Request)
	if chosen, err := time.LoadLocation(v.Person.User.TimeZone); err == nil && v.Person.User.TimeZone != "" {
		at = chosen
	}
	if at == nil && v.Person.Tenant.TimeZone != "" {
		at, _ = time.LoadLocation(v.Person.Tenant.TimeZone)
	}
	return markup.Viewer{Zone: at, Now: v.Person.Now.Go()}
}

// Zone is that in which the person reads and types times.
func (v *Visit) Zone() *time.Location { return v.Viewer().Location() }
