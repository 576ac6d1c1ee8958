/*
 * A disk that is full or broken, for the files of one pattern only and without being root: loaded
 * into a process with LD_PRELOAD, it fails the calls that write (and, for EIO, those that read)
 * while a trigger file exists.
 *
 * DISK_FAULT_TRIGGER  the trigger file; it says ENOSPC or EIO
 * DISK_FAULT_FILES    pattern of the paths that are on the disk, as fnmatch(3); '*' matches '/'
 * DISK_FAULT_LOG      gets a line for each call that failed: what, error, path
 *
 * Calls that do not fail go straight to the kernel. Nothing here allocates or keeps state, so it is
 * as thread-safe as the calls that it stands in for. 64-bit Linux only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *trigger;
static const char *files;
static const char *logfile;

__attribute__((constructor)) static void configure(void) {
    trigger = getenv("DISK_FAULT_TRIGGER");
    files = getenv("DISK_FAULT_FILES");
    logfile = getenv("DISK_FAULT_LOG");
}

static int triggered_error(void) {
    if (!trigger || !files) {
        return 0;
    }
    int fd = (int)syscall(SYS_openat, AT_FDCWD, trigger, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    char text[16] = {0};
    syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (!strncmp(text, "ENOSPC", 6)) {
        return ENOSPC;
    }
    return strncmp(text, "EIO", 3) ? 0 : EIO;
}

static void note(const char *call, int error, const char *path) {
    if (!logfile) {
        return;
    }
    char line[PATH_MAX + 64];
    int length =
        snprintf(line, sizeof line, "%s %s %s\n", call, error == EIO ? "EIO" : "ENOSPC", path);
    int fd = (int)syscall(
        SYS_openat, AT_FDCWD, logfile, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0) {
        syscall(SYS_write, fd, line, (size_t)length);
        syscall(SYS_close, fd);
    }
}

/* The error that a call on this descriptor must fail with, or 0. */
static int error_of(const char *call, int fd, int reads) {
    int error = triggered_error();
    if (!error || (reads && error == ENOSPC)) {
        return 0;
    }
    char link[64];
    char path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0) {
        return 0;
    }
    path[length] = 0;
    if (fnmatch(files, path, 0)) {
        return 0;
    }
    note(call, error, path);
    return error;
}

#define FAIL_IF_STRUCK(call, fd, reads)       \
    do {                                      \
        int error = error_of(call, fd, reads); \
        if (error) {                          \
            errno = error;                    \
            return -1;                        \
        }                                     \
    } while (0)

ssize_t write(int fd, const void *data, size_t size) {
    FAIL_IF_STRUCK("write", fd, 0);
    return syscall(SYS_write, fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    FAIL_IF_STRUCK("writev", fd, 0);
    return syscall(SYS_writev, fd, parts, count);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    FAIL_IF_STRUCK("pwrite", fd, 0);
    return syscall(SYS_pwrite64, fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    FAIL_IF_STRUCK("pwrite", fd, 0);
    return syscall(SYS_pwrite64, fd, data, size, offset);
}

int fallocate(int fd, int mode, off_t offset, off_t size) {
    FAIL_IF_STRUCK("fallocate", fd, 0);
    return (int)syscall(SYS_fallocate, fd, mode, offset, size);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
    FAIL_IF_STRUCK("fallocate", fd, 0);
    return (int)syscall(SYS_fallocate, fd, mode, offset, size);
}

/* Returns the error, and leaves errno alone. */
int posix_fallocate(int fd, off_t offset, off_t size) {
    int error = error_of("fallocate", fd, 0);
    if (error) {
        return error;
    }
    int before = errno;
    int result = syscall(SYS_fallocate, fd, 0, offset, size) ? errno : 0;
    errno = before;
    return result;
}

int sync_file_range(int fd, off64_t offset, off64_t size, unsigned int flags) {
    FAIL_IF_STRUCK("sync_file_range", fd, 0);
    return (int)syscall(SYS_sync_file_range, fd, offset, size, flags);
}

int ftruncate(int fd, off_t size) {
    FAIL_IF_STRUCK("ftruncate", fd, 0);
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size) {
    FAIL_IF_STRUCK("ftruncate", fd, 0);
    return (int)syscall(SYS_ftruncate, fd, size);
}

int fsync(int fd) {
    FAIL_IF_STRUCK("fsync", fd, 0);
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    FAIL_IF_STRUCK("fdatasync", fd, 0);
    return (int)syscall(SYS_fdatasync, fd);
}

ssize_t read(int fd, void *data, size_t size) {
    FAIL_IF_STRUCK("read", fd, 1);
    return syscall(SYS_read, fd, data, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset) {
    FAIL_IF_STRUCK("pread", fd, 1);
    return syscall(SYS_pread64, fd, data, size, offset);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t offset) {
    FAIL_IF_STRUCK("pread", fd, 1);
    return syscall(SYS_pread64, fd, data, size, offset);
}
