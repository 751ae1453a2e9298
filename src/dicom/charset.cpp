#include "dicom/charset.h"

#include <cstring>

extern "C"
{
#include "core/base/text.h"
}

std::string
dino_dicom_to_utf8 (const std::string &text, const std::string &charset)
{
  const bool  is_utf8 = charset.find ("192") != std::string::npos;
  const bool  is_latin1 = charset.find ("100") != std::string::npos;
  std::string out;

  for (size_t i = 0; i < text.size () && out.size () < 1000;)
    {
      const auto   byte = static_cast<unsigned char> (text[i]);
      const size_t n = is_utf8 ? dino_text_character (text.c_str () + i) : (byte < 0x80 ? 1 : 0);

      if (n > 0 && byte >= ' ' && byte != 0x7f)
        out.append (text, i, n);
      else if (n == 0 && byte >= 0xa0 && is_latin1)
        {
          out += static_cast<char> (0xc0 | byte >> 6);
          out += static_cast<char> (0x80 | (byte & 0x3f));
        }
      else if (byte >= 0x80)
        out += '?';
      i += n > 0 ? n : 1;
    }
  while (!out.empty () && out.back () == ' ')
    out.pop_back ();
  return out;
}

void
dino_dicom_copy_text (char *buffer, size_t size, const std::string &text)
{
  size_t length = text.size () < size ? text.size () : dino_text_cut (text.c_str (), size - 1);

  memcpy (buffer, text.data (), length);
  buffer[length] = '\0';
}
