/* The log of a run that embeds pictures, found in somebody's folder. Where the
 * first byte is odd, the rest are entries - kind, length, contents - whose
 * checksums are made right, or no fuzzer would come beyond them. */
#include <string.h>

#include "cli/embed-journal.h"
#include "core/base/checksum.h"
#include "fuzz/fuzz.h"

/* As cli/embed-journal.c has it. */
struct head
{
  guint32 magic, kind;
  guint64 length, offset, sum, head_sum;
};

static const char *const names[] = { "embed.journal" };

static GByteArray *
seal (const uint8_t *data, size_t size)
{
  GByteArray *file = g_byte_array_new ();

  while (size >= 2)
    {
      const size_t length = MIN ((size_t) data[1], size - 2);
      struct head  head = { .magic = 0x424d4544u, .kind = data[0], .length = length, .offset = file->len, .sum = dino_checksum (data + 2, length) };

      head.head_sum = dino_checksum (&head, sizeof head);
      g_byte_array_append (file, (const guint8 *) &head, sizeof head);
      g_byte_array_append (file, data + 2, (guint) length);
      data += 2 + length;
      size -= 2 + length;
    }
  return file;
}

static void
read_all (CliEmbedJournal *journal)
{
  CliEmbedRecord record;
  const char    *text = NULL;
  CliEmbedEntry  entry;
  goffset        before = 0;

  while ((entry = cli_embed_journal_read (journal, &record, &text)) != CLI_EMBED_ENTRY_END)
    {
      fuzz_taken (true);
      if (entry == CLI_EMBED_ENTRY_JOB)
        fuzz_touch_text (text);
      if (entry == CLI_EMBED_ENTRY_RECORD)
        {
          fuzz_touch_text (record.name);
          fuzz_touch_text (record.error);
          fuzz_touch_text (record.view);
          fuzz_touch_text (record.file_sha256);
          fuzz_touch_text (record.pixels_sha256);
        }
      fuzz_promise (cli_embed_journal_tell (journal) > before, "reading gets on");
      before = cli_embed_journal_tell (journal);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GByteArray)      sealed = size > 0 && data[0] % 2 == 1 ? seal (data + 1, size - 1) : NULL;
  const char                 *folder;
  g_autoptr (CliEmbedJournal) journal = NULL;

  if (size < 2 || (sealed != NULL && sealed->len == 0))
    return 0;
  folder = sealed != NULL ? fuzz_folder (names, 1, sealed->data, sealed->len) : fuzz_folder (names, 1, data + 1, size - 1);
  journal = cli_embed_journal_open (folder);
  if (journal != NULL)
    read_all (journal);
  return 0;
}
