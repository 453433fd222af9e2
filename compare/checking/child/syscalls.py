"""The system calls that the filter refuses, by number, for the two architectures that it knows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """The numbers of one architecture; `audit` is how the kernel names it."""

    audit: int
    refused: dict[str, int]
    clone3: int
    ioctl: int
    fcntl: int
    prlimit64: int
    seccomp: int
    # numbers from here on belong to another way of calling
    foreign: int = 0


def _numbers(table: str) -> dict[str, int]:
    """Names and numbers in turn; a line that begins with # says what the calls after it are for."""
    words = [word for line in table.splitlines() if not line.lstrip().startswith("#") for word in line.split()]
    return {name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}


# the same everywhere
_RECENT = _numbers("""
    pidfd_send_signal 424  io_uring_setup 425  io_uring_enter 426  io_uring_register 427
    open_tree 428  move_mount 429  fsopen 430  fsconfig 431  fsmount 432  fspick 433
    pidfd_open 434  pidfd_getfd 438  process_madvise 440  mount_setattr 442  quotactl_fd 443
    process_mrelease 448  fchmodat2 452  setxattrat 463  removexattrat 466
""")

_X86_64 = (
    _numbers("""
    # processes and signals
    clone 56  fork 57  vfork 58  execve 59  execveat 322  kill 62  tkill 200  tgkill 234
    rt_sigqueueinfo 129  rt_tgsigqueueinfo 297  ptrace 101  process_vm_readv 310
    process_vm_writev 311  kcmp 312  setpgid 109  setsid 112  setpriority 141
    sched_setparam 142  sched_setscheduler 144  sched_setattr 314  ioprio_set 251
    migrate_pages 256  move_pages 279
    # the network, and memory shared with other processes
    socket 41  connect 42  accept 43  accept4 288  sendto 44  sendmsg 46  sendmmsg 307
    recvmsg 47  recvmmsg 299  shutdown 48  bind 49  listen 50  socketpair 53  setsockopt 54
    shmget 29  shmat 30  shmctl 31  semget 64  semctl 66  msgget 68  msgctl 71
    mq_open 240  mq_unlink 241
    # what Landlock leaves open of files
    truncate 76  chmod 90  fchmod 91  chown 92  fchown 93  lchown 94  mknod 133
    mknodat 259  fchownat 260  fchmodat 268  utime 132  utimes 235  futimesat 261
    utimensat 280  setxattr 188  lsetxattr 189  fsetxattr 190  removexattr 197
    lremovexattr 198  fremovexattr 199  open_by_handle_at 304  fanotify_init 300
    # the system
    setuid 105  setgid 106  setreuid 113  setregid 114  setgroups 116  setresuid 117
    setresgid 119  setfsuid 122  setfsgid 123  capset 126  setrlimit 160  personality 135
    modify_ldt 154  pivot_root 155  _sysctl 156  chroot 161  acct 163  mount 165
    umount2 166  swapon 167  swapoff 168  reboot 169  sethostname 170  setdomainname 171
    iopl 172  ioperm 173  init_module 175  delete_module 176  finit_module 313  quotactl 179
    syslog 103  vhangup 153  adjtimex 159  settimeofday 164  clock_settime 227
    clock_adjtime 305  kexec_load 246  kexec_file_load 320  add_key 248  request_key 249
    keyctl 250  unshare 272  setns 308  perf_event_open 298  bpf 321  userfaultfd 323
""")
    | _RECENT
)

_AARCH64 = (
    _numbers("""
    # processes and signals
    clone 220  execve 221  execveat 281  kill 129  tkill 130  tgkill 131
    rt_sigqueueinfo 138  rt_tgsigqueueinfo 240  ptrace 117  process_vm_readv 270
    process_vm_writev 271  kcmp 272  setpgid 154  setsid 157  setpriority 140
    sched_setparam 118  sched_setscheduler 119  sched_setattr 274  ioprio_set 30
    migrate_pages 238  move_pages 239
    # the network, and memory shared with other processes
    socket 198  connect 203  accept 202  accept4 242  sendto 206  sendmsg 211  sendmmsg 269
    recvmsg 212  recvmmsg 243  shutdown 210  bind 200  listen 201  socketpair 199
    setsockopt 208  shmget 194  shmat 196  shmctl 195  semget 190  semctl 191  msgget 186
    msgctl 187  mq_open 180  mq_unlink 181
    # what Landlock leaves open of files
    truncate 45  fchmod 52  fchmodat 53  fchownat 54  fchown 55  mknodat 33  utimensat 88
    setxattr 5  lsetxattr 6  fsetxattr 7  removexattr 14  lremovexattr 15  fremovexattr 16
    open_by_handle_at 265  fanotify_init 262
    # the system
    setuid 146  setgid 144  setreuid 145  setregid 143  setgroups 159  setresuid 147
    setresgid 149  setfsuid 151  setfsgid 152  capset 91  setrlimit 164  personality 92
    pivot_root 41  chroot 51  acct 89  mount 40  umount2 39  swapon 224  swapoff 225
    reboot 142  sethostname 161  setdomainname 162  init_module 105  delete_module 106
    finit_module 273  quotactl 60  syslog 116  vhangup 58  adjtimex 171  settimeofday 170
    clock_settime 112  clock_adjtime 266  kexec_load 104  kexec_file_load 294  add_key 217
    request_key 218  keyctl 219  unshare 97  setns 268  perf_event_open 241  bpf 280
    userfaultfd 282
""")
    | _RECENT
)

ARCHITECTURES = {
    "x86_64": Architecture(
        0xC000003E, _X86_64, clone3=435, ioctl=16, fcntl=72, prlimit64=302, seccomp=317, foreign=0x40000000
    ),
    "aarch64": Architecture(0xC00000B7, _AARCH64, clone3=435, ioctl=29, fcntl=25, prlimit64=261, seccomp=277),
}
