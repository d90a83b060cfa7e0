package store

import (
	"golang.org/x/sys/unix"

	"zygo/app/fault"
)

// networkFileSystems are those whose locks or shared memory SQLite's log can't rely on, by their magic numbers of statfs(2).
var networkFileSystems = map[uint32]string{
	0x6969:     "NFS",
	0xFF534D42: "CIFS",
	0xFE534D42: "SMB",
	0x564C:     "NCP",
	0x01021997: "9P",
	0x5346414F: "AFS",
}

// checkFileSystem refuses a directory on a network file system: two machines could write there at once.
func checkFileSystem(dir string) error {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return fault.New(fault.Unavailable, "The data directory %s can't be read.", dir).Because(err)
	}
	if name, ok := networkFileSystems[uint32(stat.Type)]; ok {
		return fault.New(fault.Unavailable,
			"The data directory %s is on %s, where a database is not safe. Choose a local disk with --data-dir.", dir, name)
	}
	return nil
}

// freeSpace tells how many bytes somebody without privileges may still write to the disk of a directory.
func freeSpace(dir string) (free int64, known bool) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return 0, false
	}
	return int64(stat.Bavail) * stat.Bsize, true
}
