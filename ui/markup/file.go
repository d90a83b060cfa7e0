package markup

// Download is a file with its size. Without an address it is named only.
type Download struct{ Name, Href, Size string }

func (c Download) Write(m *Writer, viewer Viewer) {
	Reference{c.Name, c.Href}.Write(m, viewer)
	m.Raw(` <small class="soft">`)
	m.Text(c.Size)
	m.Raw(`</small>`)
}

// Picture is an uploaded picture, shown whole.
type Picture struct{ Name, Href string }
