package tenants

import (
	"context"
	"io"
	"strings"
	"unicode"

	"zygo/app/accent"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Branding is how an organization looks to its members, on its host and in its mails, in place of Zygo's own look.
type Branding struct {
	Accent        field.Colour   `z:"apart,label=Accent colour,help=The colour of buttons and links. It is made lighter or darker where it could not be read. Empty is Zygo's own."`
	Logo          field.Image    `z:"apart,help=PNG, JPEG or WebP up to 1 MiB. It stands beside the name; a square one fits best."`
	Favicon       field.Image    `z:"apart,label=Icon in the browser's tab,help=A square PNG, JPEG or WebP up to 256 KiB."`
	SenderName    string         `z:"apart,max=60,label=Sender of e-mails,help=The name that e-mails of the organization come from; their address is that of the instance."`
	SignInText    field.Markdown `z:"apart,max=1000,label=Text of the sign-in page,help=Who may sign in here, and who helps. Strangers read it at the organization's own address."`
	HidePoweredBy bool           `z:"apart,label=Hide “Powered by Zygo”,help=It stands at the foot of the sign-in page and of e-mails."`
}

const (
	largestLogo    = 1 << 20
	largestFavicon = 256 << 10
	// brandingSide bounds the pictures as they are shown: twice the pixels of what they take on a page.
	brandingSide = 128
)

func (b *Branding) check() error {
	for name, picture := range map[string]struct {
		field.Image
		largest int64
	}{"logo": {b.Logo, largestLogo}, "favicon": {b.Favicon, largestFavicon}} {
		switch {
		case picture.Size > picture.largest:
			return fault.InvalidField(name, "has %d KiB; %d are the most", picture.Size>>10, picture.largest>>10)
		case picture.MediaType == "image/gif":
			return fault.InvalidField(name, "must be PNG, JPEG or WebP")
		}
	}
	b.SenderName = field.Line(b.SenderName)
	// Programs for mail show the name alone, so it must not look like another address.
	hidden := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if strings.ContainsAny(b.SenderName, "@<>\"") || strings.Contains(b.SenderName, "=?") || strings.ContainsFunc(b.SenderName, hidden) {
		return fault.InvalidField("sender_name", "must be a name without @, quotes, angle brackets, “=?” and characters that nobody sees")
	}
	return nil
}

// NamesZygo tells whether pages for strangers and mails say that Zygo is behind them. The switch is honoured here alone; the
// check of the organization asks for the feature where it is turned on, and what is turned on stays.
func (b Branding) NamesZygo() bool { return !b.HidePoweredBy }

// Brand is how the mails of the organization look.
func (t Tenant) Brand() outbox.Brand {
	return outbox.Brand{Sender: t.SenderName, Organization: t.Name, Accent: string(t.Accent), NamesZygo: t.NamesZygo()}
}

// BrandingPicture is the logo or the favicon of an organization by the id of its upload, made small and anew as PNG, so that
// nothing of what the file held besides the picture is left. The organization is that of the host, for everybody, or the
// one that is given. Open reads the upload.
func (a *Service) BrandingPicture(ctx context.Context, host, tenant, id string,
	open func(s *resource.Session, file field.File) (io.ReadCloser, error)) ([]byte, error) {
	system := a.Anonymous(ctx, resource.Origin{})
	at, err := a.AtIn(system, host)
	if err != nil {
		return nil, err
	}
	if at.ID != "" {
		tenant = at.ID
	}
	nothing := fault.New(fault.NotFound, "There is nothing at this address.")
	if tenant == "" {
		return nil, nothing
	}
	// What is read once is remembered: strangers may ask as often as they like.
	return resource.Cached(system.In(tenant), "branding "+id, []string{Kind.Name}, func(s *resource.Session) ([]byte, error) {
		found, err := resource.SelectOne[Tenant](s, "SELECT * FROM {tenant} WHERE id = ?", tenant)
		if err != nil {
			return nil, err
		}
		file := found.Logo.File
		if file.ID != id {
			file = found.Favicon.File
		}
		if id == "" || file.ID != id {
			return nil, nothing
		}
		content, err := open(s, file)
		if err != nil {
			return nil, err
		}
		defer content.Close()
		picture, err := io.ReadAll(io.LimitReader(content, largestLogo))
		if err != nil {
			return nil, err
		}
		return a.Draw(func() ([]byte, error) { return field.Small(picture, brandingSide) })
	})
}

// Draw makes a picture smaller while no other is: a small file can unpack to a hundred megabytes.
func (a *Service) Draw(smaller func() ([]byte, error)) ([]byte, error) {
	a.drawing.Lock()
	defer a.drawing.Unlock()
	return smaller()
}

// Palette is the organization's accent wherever it is shown.
func (b Branding) Palette() accent.Palette { return accent.From(string(b.Accent)) }
