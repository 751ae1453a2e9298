#include "core/model/complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

#define MAX_COMPLAINTS 8192

struct dino_complaint
{
  enum dino_complaint_kind kind;
  int                      block;
  char                     head[96];
  char                     rest[104];
  char                     detail[240];
};

static const char *const kinds[] = {
  [DINO_COMPLAINT_MISSING] = N_ ("missing"),
  [DINO_COMPLAINT_NOT_IN_SHARD] = N_ ("not in the file that the index names"),
  [DINO_COMPLAINT_SHAPE] = N_ ("wrong shape"),
  [DINO_COMPLAINT_DTYPE] = N_ ("wrong type"),
  [DINO_COMPLAINT_UNEXPECTED] = N_ ("not part of the model"),
  [DINO_COMPLAINT_REPEATED] = N_ ("there twice"),
  [DINO_COMPLAINT_NOT_IN_INDEX] = N_ ("not where the index says"),
};

/* A text that grows as far as its buffer goes. */
struct writer
{
  char  *buffer;
  size_t size;
  size_t used;
  bool   full;
};

static void write_text (struct writer *writer, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* All of it or nothing. */
static void
write_text (struct writer *writer, const char *format, ...)
{
  size_t  room = writer->size - writer->used;
  va_list arguments;
  int     length;

  va_start (arguments, format);
  length = vsnprintf (writer->buffer + writer->used, room, format, arguments);
  va_end (arguments);
  if (length < 0 || (size_t) length >= room)
    {
      writer->buffer[writer->used] = '\0';
      writer->full = true;
      return;
    }
  writer->used += (size_t) length;
}

static void
copy_cut (char *target, size_t size, const char *source, size_t length)
{
  size_t room = size - sizeof "…";
  bool   cut = length > room;

  length = cut ? dino_text_cut (source, room) : length;
  memcpy (target, source, length);
  memcpy (target + length, cut ? "…" : "", cut ? sizeof "…" : 1);
}

bool
dino_complaints_add (struct dino_complaints  *complaints,
                     enum dino_complaint_kind kind,
                     const char              *head,
                     size_t                   head_length,
                     int                      block,
                     const char              *rest,
                     const char              *detail,
                     struct dino_error       *error)
{
  struct dino_complaint *complaint;

  if (complaints->list == NULL)
    complaints->list = dino_alloc (MAX_COMPLAINTS, sizeof *complaints->list, error);
  if (complaints->list == NULL)
    return false;
  if (complaints->n == MAX_COMPLAINTS)
    {
      complaints->n_dropped++;
      return true;
    }
  complaint = &complaints->list[complaints->n++];
  complaint->kind = kind;
  complaint->block = block;
  copy_cut (complaint->head, sizeof complaint->head, head, head_length);
  copy_cut (complaint->rest, sizeof complaint->rest, rest, strlen (rest));
  copy_cut (complaint->detail, sizeof complaint->detail, detail, strlen (detail));
  return true;
}

/* Order of what is said; equal but for the block gives 0. */
static int
compare_kind (const struct dino_complaint *first, const struct dino_complaint *second)
{
  int order = (int) first->kind - (int) second->kind;

  if (order == 0)
    order = (first->block >= 0) - (second->block >= 0);
  if (order == 0)
    order = strcmp (first->head, second->head);
  if (order == 0)
    order = strcmp (first->rest, second->rest);
  return order != 0 ? order : strcmp (first->detail, second->detail);
}

static int
compare_complaints (const void *a, const void *b)
{
  const struct dino_complaint *first = a, *second = b;
  int                          order = compare_kind (first, second);

  return order != 0 ? order : first->block - second->block;
}

/* The numbers of n blocks: "3", "{0…11}", "{0,2,5…7}". */
static void
write_blocks (struct writer *writer, const struct dino_complaint *complaint, size_t n)
{
  size_t end;

  write_text (writer, "%s", n > 1 ? "{" : "");
  for (size_t i = 0; i < n; i = end)
    {
      end = i + 1;
      while (end < n && complaint[end].block <= complaint[end - 1].block + 1)
        end++;
      write_text (writer, "%s%d", i > 0 ? "," : "", complaint[i].block);
      if (complaint[end - 1].block > complaint[i].block)
        write_text (writer, "%s%d", complaint[end - 1].block > complaint[i].block + 1 ? "…" : ",", complaint[end - 1].block);
    }
  write_text (writer, "%s", n > 1 ? "}" : "");
}

static void
write_line (struct writer *writer, const struct dino_complaint *complaint, size_t n)
{
  char          blocks[600] = "";
  struct writer number = { .buffer = blocks, .size = sizeof blocks };

  if (complaint->block >= 0)
    {
      write_blocks (&number, complaint, n);
      write_text (&number, ".");
    }
  write_text (writer, "\n%s: %s%s%s", _ (kinds[complaint->kind]), complaint->head, blocks, complaint->rest);
  if (complaint->detail[0] != '\0')
    write_text (writer, " (%s)", complaint->detail);
}

/* Lines, as many as fit; returns how many did not. */
static size_t
write_lines (struct writer *writer, const struct dino_complaint *list, size_t n)
{
  size_t left_out = 0, end;

  for (size_t i = 0; i < n; i = end)
    {
      size_t start = writer->used;

      end = i + 1;
      while (end < n && compare_kind (&list[i], &list[end]) == 0)
        end++;
      if (!writer->full)
        write_line (writer, &list[i], end - i);
      if (writer->full)
        {
          writer->used = start;
          writer->buffer[start] = '\0';
          left_out++;
        }
    }
  return left_out;
}

bool
dino_complaints_report (struct dino_complaints *complaints, const char *path, struct dino_error *error)
{
  static const size_t size = 14000; /* leaves room in an error for a long path */
  struct writer       writer = { .size = size };
  size_t              left_out;

  if (complaints->n == 0)
    return true;
  writer.buffer = dino_alloc_zeroed (size, 1, error);
  if (writer.buffer == NULL)
    return false;
  qsort (complaints->list, complaints->n, sizeof *complaints->list, compare_complaints);
  left_out = write_lines (&writer, complaints->list, complaints->n) + complaints->n_dropped;
  if (left_out > 0)
    dino_error_set (error, DINO_CODE_MODEL, _ ("The tensors of “%s” do not fit the model:%s\n… and %zu more"), path, writer.buffer, left_out);
  else
    dino_error_set (error, DINO_CODE_MODEL, _ ("The tensors of “%s” do not fit the model:%s"), path, writer.buffer);
  dino_free (writer.buffer);
  return false;
}

void
dino_complaints_clear (struct dino_complaints *complaints)
{
  dino_free (complaints->list);
  *complaints = (struct dino_complaints){ 0 };
}
