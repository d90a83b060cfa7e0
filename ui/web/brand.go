package web

import (
	"io"
	"net/http"
	"strings"

	"zygo/app/accent"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// brandingFiles is where stylesheets and pictures of organizations are. Each is kept forever: what changes has another address.
const brandingFiles = "/branding/"

// BrandOf is the look of an organization.
func BrandOf(t tenants.Tenant) markup.Brand {
	brand := markup.Brand{Name: t.Name, NamesZygo: t.NamesZygo()}
	if t.Accent != "" {
		brand.Style = brandingFiles + "accent/" + accent.Edition + "/" + strings.TrimPrefix(string(t.Accent), "#") + ".css"
	}
	if t.Logo.ID != "" {
		brand.Logo = brandingFiles + "pictures/" + t.Logo.ID
		brand.Favicon = brand.Logo
	}
	if t.Favicon.ID != "" {
		brand.Favicon = brandingFiles + "pictures/" + t.Favicon.ID
	}
	return brand
}

// branded gives a page for strangers the look of the organization that its host belongs to.
func (s *Site) branded(r *edge.Request, page markup.Page) (markup.Page, error) {
	switch page.(type) {
	case markup.StandalonePage, markup.ErrorPage:
	default:
		return page, nil
	}
	at, err := s.Identity.Tenants.At(r.Context, r.Host)
	if err != nil || at.ID == "" {
		return page, err
	}
	if alone, ok := page.(markup.StandalonePage); ok {
		alone.Brand = BrandOf(at)
		return alone, nil
	}
	failed := page.(markup.ErrorPage)
	failed.Brand = BrandOf(at)
	return failed, nil
}

// accentStyle answers the stylesheet of a colour. It hangs on nothing but its address, so that it tells nobody whose it is.
func (s *Site) accentStyle(r *edge.Request) (*edge.Response, error) {
	digits, ok := strings.CutSuffix(r.Param("file"), ".css")
	colour := "#" + digits
	if palette := accent.From(colour); ok && r.Param("edition") == accent.Edition && palette != accent.Own {
		return forEver(edge.NewResponse(http.StatusOK, "text/css; charset=utf-8", []byte(palette.Stylesheet())), "public"), nil
	}
	return nil, fault.New(fault.NotFound, "There is nothing at this address.")
}

// BrandAbroad is the look of an organization on a page for strangers at the host of the instance, where the addresses of its pictures
// name the organization.
func BrandAbroad(t tenants.Tenant) markup.Brand {
	brand := BrandOf(t)
	for _, address := range []*string{&brand.Logo, &brand.Favicon} {
		if *address != "" {
			*address += "?of=" + t.ID
		}
	}
	return brand
}

// brandingPicture answers the logo or the favicon of the host's organization, of the one that the address names, or of the one that
// the person is in.
func (s *Site) brandingPicture(r *edge.Request) (*edge.Response, error) {
	tenant := r.Query.Get("of")
	if person, err := edge.RecognizeEnrolling(s.Identity.Sessions, r); tenant == "" && err == nil {
		tenant = person.Tenant.ID
	}
	picture, err := s.Identity.Tenants.BrandingPicture(r.Context, r.Host, tenant, r.Param("id"),
		func(in *resource.Session, file field.File) (io.ReadCloser, error) {
			return s.Uploads.Open(in, file)
		})
	if err != nil {
		return nil, err
	}
	response := forEver(edge.NewResponse(http.StatusOK, "image/png", picture), "private")
	response.Header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	return response, nil
}

// forEver lets a browser keep an answer, and where it is public anyone who stands in between.
func forEver(response *edge.Response, kept string) *edge.Response {
	response.Header.Set("Cache-Control", kept+", max-age=31536000, immutable")
	return response
}
