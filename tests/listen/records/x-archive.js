window.YTD.tweets.part0 = [
  {
    "tweet": {
      "id_str": "1990851234567890123",
      "id": "1990851234567890123",
      "created_at": "Tue Nov 18 17:12:03 +0000 2025",
      "full_text": "Nos équipes sont sur place au bâtiment C. #LesErables",
      "lang": "fr",
      "favorite_count": "3",
      "retweet_count": "1",
      "entities": {
        "hashtags": [
          {
            "text": "LesErables",
            "indices": [
              "41",
              "52"
            ]
          }
        ],
        "user_mentions": [
          {
            "screen_name": "awa_d",
            "id_str": "77"
          }
        ],
        "urls": []
      },
      "extended_entities": {
        "media": [
          {
            "media_url_https": "https://pbs.example/media/1.jpg"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "id_str": "1990855234567890123",
      "created_at": "Tue Nov 18 17:30:00 +0000 2025",
      "full_text": "@awa_d Un technicien arrive à 19 h.",
      "lang": "fr",
      "favorite_count": "0",
      "retweet_count": "0",
      "in_reply_to_status_id_str": "1990851234567890123",
      "entities": {
        "hashtags": [],
        "user_mentions": [],
        "urls": []
      }
    }
  }
]
