/* A tar archive on the standard input of embed, plain or compressed. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/embed-archive.h"
#include "fuzz/fuzz.h"

/* A compressed archive of a few bytes can hold any number of members. */
#define MOST_MEMBERS 64

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const CliEmbedNames  names = { .hashed = FALSE };
  int                         fd = open (fuzz_file (data, size), O_RDONLY | O_CLOEXEC);
  g_autoptr (CliEmbedArchive) archive = cli_embed_archive_open (fd, &names);
  g_autoptr (GError)          error = NULL;
  CliEmbedMember              member;

  for (int i = 0; archive != NULL && i < MOST_MEMBERS && cli_embed_archive_next (archive, i % 4 == 3, &member, &error); i++)
    {
      fuzz_taken (true);
      fuzz_touch_text (member.name);
      fuzz_touch (member.data, member.data != NULL ? member.length : 0);
      fuzz_touch_text (member.problem);
      cli_embed_member_clear (&member);
    }
  g_clear_pointer (&archive, cli_embed_archive_close);
  close (fd);
  return 0;
}
